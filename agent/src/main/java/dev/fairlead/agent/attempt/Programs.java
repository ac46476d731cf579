package dev.fairlead.agent.attempt;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How this agent starts programs.
 *
 * @param worker the command of the built-in kinds, to which the path of task.json is added
 * @param python the interpreter that {@code python} means; empty where there is none
 * @param environment set for each process before the job's own
 */
public record Programs(List<String> worker, Optional<Path> python, Map<String, String> environment) {
    public Programs {
        worker = List.copyOf(worker);
        environment = Map.copyOf(environment);
    }

    List<String> argv(Assignment assignment, Path task) {
        return switch (assignment.work().kind()) {
            case TRAIN -> command(assignment.work().argv());
            case INFER, CONVERT, EVALUATE, COMPARE -> {
                var argv = new ArrayList<>(worker);
                argv.add(task.toString());
                yield argv;
            }
        };
    }

    private List<String> command(List<String> given) {
        if (!given.getFirst().equals("python")) {
            return given;
        }
        var argv = new ArrayList<>(given);
        argv.set(
                0,
                python.orElseThrow(() -> new AgentFailure(
                                FailureCode.NO_RUNTIME, "command.argv: this agent has no Python ≥ 3.10"))
                        .toString());
        return argv;
    }
}
