package dev.fairlead.control.job;

import dev.fairlead.control.agent.Agent;
import dev.fairlead.control.error.Reason;

/**
 * One row of the candidate table: an agent, measured against one job.
 *
 * @param device the device that would compute; empty where none would
 * @param fit how far the agent came
 * @param reason what excludes the agent, or why it scored so
 * @param freeBytes free memory of the device that would compute, or of the best one
 * @param localBytes bytes of the inputs that the agent already holds
 * @param score among the agents that fit; higher is better
 */
public record Candidate(
        Agent agent, String device, Fit fit, Reason reason, long freeBytes, long localBytes, double score) {
    /** How far an agent comes; the later constants are nearer to a placement. */
    public enum Fit {
        /** Of another name or pool: no candidate at all. */
        ELSEWHERE,
        /** Lacks an accelerator, a runtime or a format. */
        INCAPABLE,
        /** Cannot be reached, waits for approval, or drains. */
        CLOSED,
        /** Lacks memory. */
        TOO_SMALL,
        /** Would do, but all its slots are taken. */
        BUSY,
        FITS
    }

    public boolean fits() {
        return fit == Fit.FITS;
    }
}
