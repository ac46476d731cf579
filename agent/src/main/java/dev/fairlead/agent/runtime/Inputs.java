package dev.fairlead.agent.runtime;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.signature.Signature;
import dev.fairlead.model.signature.TensorSpec;
import dev.fairlead.model.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/** What every runtime asks of the tensors it is given. */
public final class Inputs {
    private Inputs() {}

    /**
     * Checks names, dtypes and shapes: fixed sizes must be met, and one symbol has one size over all inputs.
     *
     * @throws AgentFailure BAD_TASK naming the input
     */
    public static void check(Signature signature, Map<String, Tensor> inputs) {
        Map<Dim, Long> sizes = new HashMap<>();
        for (TensorSpec spec : signature.inputs()) {
            Tensor tensor = inputs.get(spec.name());
            if (tensor == null) {
                throw bad(spec.name() + ": the input is missing");
            }
            if (tensor.dtype() != spec.dtype()) {
                throw bad(spec.name() + ": want " + spec.dtype().text() + ", got "
                        + tensor.dtype().text());
            }
            if (!fits(spec, tensor, sizes)) {
                throw bad(spec.name() + ": want the shape " + spec.shape() + ", got " + tensor.shape());
            }
        }
        for (String name : inputs.keySet()) {
            if (signature.inputs().stream().noneMatch(spec -> spec.name().equals(name))) {
                throw bad(name + ": the model has no such input");
            }
        }
    }

    private static boolean fits(TensorSpec spec, Tensor tensor, Map<Dim, Long> sizes) {
        if (tensor.shape().size() != spec.shape().size()) {
            return false;
        }
        for (int axis = 0; axis < spec.shape().size(); axis++) {
            long size = tensor.shape().get(axis);
            boolean fits = switch (spec.shape().get(axis)) {
                case Dim.Fixed(long fixed) -> size == fixed;
                case Dim.Symbolic symbol -> {
                    Long before = sizes.putIfAbsent(symbol, size);
                    yield before == null || before == size;
                }
                case Dim.Unknown() -> true;
            };
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static AgentFailure bad(String sentence) {
        return new AgentFailure(FailureCode.BAD_TASK, sentence);
    }
}
