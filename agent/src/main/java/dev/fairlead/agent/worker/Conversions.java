package dev.fairlead.agent.worker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.failure.Reason;
import dev.fairlead.model.convert.Conversion;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Options;
import dev.fairlead.model.convert.Settings;
import java.util.stream.Collectors;

/** Convert: a model to a model of another format, or of the same with other options. */
final class Conversions {
    private Conversions() {}

    /** How a conversion ended, and what result.json says of it. */
    sealed interface Outcome {
        ObjectNode result();

        record Done(ObjectNode result) implements Outcome {}

        record Failed(ObjectNode result, Reason reason) implements Outcome {}
    }

    static Outcome run(Task task) {
        Options options;
        try {
            options = Settings.options(task.settings());
        } catch (IllegalArgumentException e) {
            throw new AgentFailure(FailureCode.BAD_TASK, "settings." + e.getMessage(), e);
        }
        ObjectNode result = new JsonMapper().createObjectNode();
        return switch (Converter.convert(task.input("model"), task.output("model"), options)) {
            case Conversion.Converted(int nodes, int weights, long bytes, var losses, var notes) -> {
                result.putArray("unsupported");
                var lost = result.putArray("losses");
                losses.forEach(loss -> lost.add(loss.toString()));
                var list = result.putArray("notes");
                notes.forEach(list::add);
                yield new Outcome.Done(
                        result.put("nodes", nodes).put("weights", weights).put("weight_bytes", bytes));
            }
            case Conversion.Unsupported(var operations, var undecided) -> {
                var list = result.putArray("unsupported");
                operations.forEach(operation -> list.add(operation.toString()));
                var inputs = result.putArray("specialise");
                undecided.forEach(inputs::add);
                String all = operations.stream().map(Object::toString).collect(Collectors.joining("; "));
                String hint = undecided.isEmpty()
                        ? ""
                        : "; with the setting specialise for " + String.join(", ", undecided)
                                + " fewer might stand in the way";
                yield new Outcome.Failed(
                        result,
                        new Reason(
                                "UnsupportedOperations",
                                operations.size() + " operations have no rule: " + all + hint));
            }
        };
    }
}
