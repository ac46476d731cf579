package dev.fairlead.agent.attempt;

/** What kind of work a job is. */
public enum JobKind {
    TRAIN,
    INFER,
    CONVERT,
    EVALUATE,
    COMPARE
}
