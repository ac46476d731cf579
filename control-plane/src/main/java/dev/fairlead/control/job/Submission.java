package dev.fairlead.control.job;

import org.jspecify.annotations.Nullable;

/**
 * A request for a job.
 *
 * @param key the same key with the same specification gives the same job; empty means that none is given
 * @param submitter who asks: the token's name
 * @param promotionId the promotion that creates the job; null for none
 * @param traceparent W3C Trace Context of the request; empty where there is none
 */
public record Submission(
        JobSpec spec,
        String key,
        String submitter,
        @Nullable String promotionId,
        String traceparent) {}
