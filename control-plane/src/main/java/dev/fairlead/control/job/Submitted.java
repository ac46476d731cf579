package dev.fairlead.control.job;

/**
 * The answer to a submission.
 *
 * @param created false where the key had been used for this specification before
 */
public record Submitted(Job job, boolean created) {}
