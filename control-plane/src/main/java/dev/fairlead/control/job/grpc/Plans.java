package dev.fairlead.control.job.grpc;

import dev.fairlead.control.job.JobSpec;
import dev.fairlead.proto.v1.PlanJobResponse;

/** Says where a job would run. The scheduler implements it: jobs do not know it. */
public interface Plans {
    /** {@code spec} is acceptable, and its references are resolved. */
    PlanJobResponse plan(JobSpec spec);
}
