package dev.fairlead.control.job;

/** What a job does; docs/jobs.md says what each takes and leaves. */
public enum JobKind {
    TRAIN,
    INFER,
    CONVERT,
    EVALUATE,
    COMPARE
}
