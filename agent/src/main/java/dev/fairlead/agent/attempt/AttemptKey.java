package dev.fairlead.agent.attempt;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;

/**
 * Which attempt of which job, and by which right it writes.
 *
 * @param fence grows with every attempt of any job; the control plane refuses a write with a stale one
 */
public record AttemptKey(String jobId, String attemptId, long fence) {
    public AttemptKey {
        // The identifier names a folder.
        if (!attemptId.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")) {
            throw new AgentFailure(FailureCode.BAD_TASK, "attempt_id: cannot name a folder: '" + attemptId + "'");
        }
    }
}
