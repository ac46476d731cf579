package dev.fairlead.control.job;

import java.util.EnumSet;
import java.util.Set;

/** Where a job stands. */
public enum JobState {
    /** Accepted and durable; waits for an agent. */
    SUBMITTED,
    /** An agent holds the lease but has not confirmed. */
    PLACED,
    /** The agent fetches inputs. */
    STAGING,
    RUNNING,
    /** The last attempt was lost or failed and the job waits for the next one. */
    RECOVERING,
    /** The agent is lost and the outcome of the attempt is not known. */
    UNKNOWN,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    /** The states that may follow directly. Progress may skip states: an agent reports what it saw last. */
    public Set<JobState> next() {
        return switch (this) {
            case SUBMITTED -> EnumSet.of(PLACED, CANCELLED);
            case RECOVERING -> EnumSet.of(PLACED, CANCELLED);
            case PLACED -> EnumSet.of(STAGING, RUNNING, UNKNOWN, RECOVERING, SUCCEEDED, FAILED, CANCELLED);
            case STAGING -> EnumSet.of(RUNNING, UNKNOWN, RECOVERING, SUCCEEDED, FAILED, CANCELLED);
            case RUNNING -> EnumSet.of(UNKNOWN, RECOVERING, SUCCEEDED, FAILED, CANCELLED);
            case UNKNOWN -> EnumSet.of(STAGING, RUNNING, RECOVERING, SUCCEEDED, FAILED, CANCELLED);
            case SUCCEEDED, FAILED, CANCELLED -> EnumSet.noneOf(JobState.class);
        };
    }

    /** True where nothing follows. */
    public boolean ended() {
        return next().isEmpty();
    }

    /** True where an attempt holds a place on an agent. */
    public boolean held() {
        return switch (this) {
            case PLACED, STAGING, RUNNING, UNKNOWN -> true;
            case SUBMITTED, RECOVERING, SUCCEEDED, FAILED, CANCELLED -> false;
        };
    }

    /** True where the scheduler looks for an agent. */
    public boolean waiting() {
        return this == SUBMITTED || this == RECOVERING;
    }
}
