package dev.fairlead.control.artifact;

/** Under which attempt's fence a tree is committed. */
public record AttemptFence(String attemptId, long number) {}
