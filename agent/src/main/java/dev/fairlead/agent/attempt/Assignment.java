package dev.fairlead.agent.attempt;

import dev.fairlead.agent.artifact.Digest;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.machine.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An attempt as the control plane assigned it.
 *
 * @param number 1 for the job's first attempt
 * @param work what runs, and with which settings
 * @param inputs trees by the name that the process finds them under
 * @param outputs names of the folders that are kept
 * @param memory limit of the process group's resident memory; zero means the agent's own limit
 * @param device where to compute, as in {@code Device.id}
 * @param traceparent W3C Trace Context of the submission; empty where there is none
 */
public record Assignment(
        AttemptKey key,
        int number,
        Work work,
        Map<String, Digest> inputs,
        List<String> outputs,
        Bytes memory,
        Duration timeout,
        String device,
        String traceparent) {

    public Assignment {
        inputs = Map.copyOf(inputs);
        outputs = List.copyOf(outputs);
        inputs.keySet().forEach(name -> name("inputs", name));
        outputs.forEach(name -> name("outputs", name));
        if (timeout.isNegative() || timeout.isZero()) {
            throw new AgentFailure(FailureCode.BAD_TASK, "timeout: want more than 0, got " + timeout);
        }
    }

    /**
     * What runs.
     *
     * @param argv the program of a train job; empty for the built-in kinds
     * @param settings of the built-in kinds
     * @param environment set beside the agent's own
     */
    public record Work(JobKind kind, List<String> argv, Map<String, String> settings, Map<String, String> environment) {
        public Work {
            argv = List.copyOf(argv);
            settings = Map.copyOf(settings);
            environment = Map.copyOf(environment);
            if ((kind == JobKind.TRAIN) == argv.isEmpty()) {
                throw new AgentFailure(
                        FailureCode.BAD_TASK, "command.argv: want one for train and none for the other kinds");
            }
        }
    }

    private static void name(String field, String name) {
        if (!name.matches("[A-Za-z][A-Za-z0-9_-]{0,62}")) {
            throw new AgentFailure(FailureCode.BAD_TASK, field + ": cannot name a folder: '" + name + "'");
        }
    }
}
