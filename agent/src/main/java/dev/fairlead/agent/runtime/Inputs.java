package dev.fairlead.agent.runtime;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.model.signature.Signature;
import dev.fairlead.model.signature.TensorSpec;
import dev.fairlead.model.tensor.Tensor;
import java.util.Map;

/** What every runtime asks of the tensors it is given. */
public final class Inputs {
    private Inputs() {}

    /**
     * Checks names, dtypes and ranks.
     *
     * @throws AgentFailure BAD_TASK naming the input
     */
    public static void check(Signature signature, Map<String, Tensor> inputs) {
        for (TensorSpec spec : signature.inputs()) {
            Tensor tensor = inputs.get(spec.name());
            if (tensor == null) {
                throw bad(spec.name() + ": the input is missing");
            }
            if (tensor.dtype() != spec.dtype()) {
                throw bad(spec.name() + ": want " + spec.dtype().text() + ", got "
                        + tensor.dtype().text());
            }
            if (tensor.shape().size() != spec.shape().size()) {
                throw bad(spec.name() + ": want the shape " + spec.shape() + ", got " + tensor.shape());
            }
        }
        if (inputs.size() != signature.inputs().size()) {
            throw bad("inputs: want " + signature.inputs() + ", got " + inputs.keySet());
        }
    }

    private static AgentFailure bad(String sentence) {
        return new AgentFailure(FailureCode.BAD_TASK, sentence);
    }
}
