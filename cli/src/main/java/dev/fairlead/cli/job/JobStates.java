package dev.fairlead.cli.job;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.proto.v1.Job;
import dev.fairlead.proto.v1.JobState;

/** What a job's state means to a command. */
public final class JobStates {
    private JobStates() {}

    public static boolean ended(Job job) {
        return switch (job.getState()) {
            case JOB_STATE_SUCCEEDED, JOB_STATE_FAILED, JOB_STATE_CANCELLED -> true;
            case JOB_STATE_UNSPECIFIED,
                    JOB_STATE_SUBMITTED,
                    JOB_STATE_PLACED,
                    JOB_STATE_STAGING,
                    JOB_STATE_RUNNING,
                    JOB_STATE_RECOVERING,
                    JOB_STATE_UNKNOWN,
                    UNRECOGNIZED -> false;
        };
    }

    static ExitCode outcome(Job job) {
        return job.getState() == JobState.JOB_STATE_SUCCEEDED ? ExitCode.OK : ExitCode.FAILED;
    }

    /** Agent of the latest attempt; empty where there is none. */
    public static String agent(Job job) {
        return job.getAttemptsCount() == 0
                ? ""
                : job.getAttempts(job.getAttemptsCount() - 1).getAgent();
    }

    /** 0 to 1 of the latest attempt; negative where it is not known. */
    public static double progress(Job job) {
        return job.getAttemptsCount() == 0
                ? -1
                : job.getAttempts(job.getAttemptsCount() - 1).getProgress();
    }
}
