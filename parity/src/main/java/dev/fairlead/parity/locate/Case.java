package dev.fairlead.parity.locate;

import dev.fairlead.model.tensor.Tensor;
import java.util.Map;

/**
 * One set of inputs.
 *
 * @param inputs tensors by the source's input names
 */
public record Case(String name, Map<String, Tensor> inputs) {
    public Case {
        inputs = Map.copyOf(inputs);
    }
}
