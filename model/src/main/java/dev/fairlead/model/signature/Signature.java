package dev.fairlead.model.signature;

import java.util.List;

/** What goes into a model and what comes out, in order. */
public record Signature(List<TensorSpec> inputs, List<TensorSpec> outputs) {
    public Signature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
