package dev.fairlead.agent.attempt;

import dev.fairlead.agent.artifact.Digest;
import dev.fairlead.agent.failure.Reason;
import java.util.Map;

/**
 * A change of an attempt, sent until it is acknowledged.
 *
 * @param sequence grows by one for each update of the attempt
 * @param progress 0 to 1; -1 where the work does not say
 * @param exitCode the process's status; -1 where there is none
 * @param outputs trees committed under the attempt's fence
 * @param resultJson a JSON object; empty where the work left none
 */
public record AttemptUpdate(
        long sequence,
        State state,
        Reason reason,
        float progress,
        int exitCode,
        Map<String, Digest> outputs,
        String resultJson) {
    public static final int NO_EXIT_CODE = -1;
    public static final float NO_PROGRESS = -1;

    public AttemptUpdate {
        outputs = Map.copyOf(outputs);
    }

    /** States that an agent reports. */
    public enum State {
        STAGING,
        RUNNING,
        SUCCEEDED,
        FAILED,
        CANCELLED;

        public boolean last() {
            return switch (this) {
                case STAGING, RUNNING -> false;
                case SUCCEEDED, FAILED, CANCELLED -> true;
            };
        }
    }

    static AttemptUpdate of(State state, Reason reason) {
        return new AttemptUpdate(0, state, reason, NO_PROGRESS, NO_EXIT_CODE, Map.of(), "");
    }

    static AttemptUpdate running(float progress, String message) {
        return new AttemptUpdate(0, State.RUNNING, new Reason("", message), progress, NO_EXIT_CODE, Map.of(), "");
    }

    AttemptUpdate at(long next) {
        return new AttemptUpdate(next, state, reason, progress, exitCode, outputs, resultJson);
    }

    AttemptUpdate withExitCode(int code) {
        return new AttemptUpdate(sequence, state, reason, progress, code, outputs, resultJson);
    }

    AttemptUpdate withResult(Map<String, Digest> trees, String json) {
        return new AttemptUpdate(sequence, state, reason, progress, exitCode, trees, json);
    }
}
