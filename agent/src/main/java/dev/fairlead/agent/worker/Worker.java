package dev.fairlead.agent.worker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.agent.artifact.Folders;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.failure.Reason;
import dev.fairlead.agent.machine.MachineFile;
import dev.fairlead.model.ModelException;
import java.io.IOException;
import java.nio.file.Path;

/** Main class of the child process: {@code Worker <task.json>}. Ends with 0, or with 1 and failure.json. */
public final class Worker {
    private Worker() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: Worker TASK.JSON");
            System.exit(2);
        }
        Path file = Path.of(arguments[0]);
        System.exit(run(file, Path.of(System.getProperty(MachineFile.PROPERTY, "machine.json"))));
    }

    static int run(Path file, Path machine) throws IOException {
        Path folder = file.toAbsolutePath().resolveSibling(".").normalize();
        try {
            Task task = Task.read(file);
            switch (work(task, machine)) {
                case Conversions.Outcome.Done(ObjectNode result) -> write(folder, "result.json", result);
                case Conversions.Outcome.Failed(ObjectNode result, Reason reason) -> {
                    write(folder, "result.json", result);
                    return failed(folder, reason);
                }
            }
            return 0;
        } catch (AgentFailure e) {
            return failed(folder, e.reason());
        } catch (ModelException e) {
            return failed(folder, Reason.of(FailureCode.BAD_ARTIFACT, String.valueOf(e.getMessage())));
        }
    }

    private static Conversions.Outcome work(Task task, Path machine) throws IOException {
        return switch (task.kind()) {
            case "convert" -> Conversions.run(task);
            case "evaluate" -> new Conversions.Outcome.Done(evaluated(task, machine));
            case "infer" ->
                new Conversions.Outcome.Done(evaluation(task, machine).run("data"));
            case "compare" -> new Conversions.Outcome.Done(Comparison.run(task, machine));
            default -> throw new AgentFailure(FailureCode.BAD_TASK, "kind: '" + task.kind() + "' is not built in");
        };
    }

    /** In the runtime's precision, or in float64: a format's own reference where it has one, the interpreter otherwise. */
    private static ObjectNode evaluated(Task task, Path machine) throws IOException {
        Evaluation evaluation = evaluation(task, machine);
        String precision = task.settings().getOrDefault("precision", "");
        return switch (precision) {
            case "" -> evaluation.run("suite");
            case "float64" ->
                evaluation.hasReference()
                        ? evaluation.run("suite")
                        : new Interpretation(task, MachineFile.read(machine)).run();
            default ->
                throw new AgentFailure(FailureCode.BAD_TASK, "settings.precision: '" + precision + "' is not float64");
        };
    }

    private static Evaluation evaluation(Task task, Path machine) throws IOException {
        return new Evaluation(task, MachineFile.read(machine));
    }

    private static int failed(Path folder, Reason reason) throws IOException {
        System.err.println(reason.code() + ": " + reason.sentence());
        write(
                folder,
                "failure.json",
                new JsonMapper().createObjectNode().put("code", reason.code()).put("sentence", reason.sentence()));
        return 1;
    }

    private static void write(Path folder, String name, ObjectNode object) throws IOException {
        Folders.writeWhole(folder.resolve(name), object.toString());
    }
}
