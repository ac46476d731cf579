package dev.fairlead.control.job;

/** Says where a job would run. The scheduler implements it: jobs do not know it. */
public interface Plans {
    /** What a job would meet now; {@code spec} is acceptable, and its references are resolved. */
    Plan plan(JobSpec spec);
}
