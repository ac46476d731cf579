package dev.fairlead.agent.worker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.failure.Reason;
import dev.fairlead.model.convert.Conversion;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Options;
import java.util.stream.Collectors;

/** Convert: an MLX folder to an ONNX folder. */
final class Conversions {
    /** The one version that the converter writes; see FORMATS on CUDA's DequantizeLinear. */
    private static final String OPSET = "21";

    private Conversions() {}

    /** How a conversion ended, and what result.json says of it. */
    sealed interface Outcome {
        ObjectNode result();

        record Done(ObjectNode result) implements Outcome {}

        record Failed(ObjectNode result, Reason reason) implements Outcome {}
    }

    static Outcome run(Task task) {
        String target = task.settings().getOrDefault("target_format", "onnx");
        if (!target.equals("onnx")) {
            throw new AgentFailure(FailureCode.BAD_TASK, "settings.target_format: want onnx, got '" + target + "'");
        }
        String opset = task.settings().getOrDefault("opset", OPSET);
        if (!opset.equals(OPSET)) {
            throw new AgentFailure(FailureCode.BAD_TASK, "settings.opset: want " + OPSET + ", got '" + opset + "'");
        }
        ObjectNode result = new JsonMapper().createObjectNode();
        return switch (Converter.convert(task.input("model"), task.output("model"), Options.defaults())) {
            case Conversion.Converted(int nodes, int weights, long bytes) -> {
                result.putArray("unsupported");
                yield new Outcome.Done(
                        result.put("nodes", nodes).put("weights", weights).put("weight_bytes", bytes));
            }
            case Conversion.Unsupported(var operations) -> {
                var list = result.putArray("unsupported");
                operations.forEach(operation -> list.add(operation.toString()));
                String all = operations.stream().map(Object::toString).collect(Collectors.joining("; "));
                yield new Outcome.Failed(
                        result,
                        new Reason("UnsupportedOperations", operations.size() + " operations have no rule: " + all));
            }
        };
    }
}
