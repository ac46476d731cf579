package dev.fairlead.model.graph;

import dev.fairlead.model.tensor.Tensor;
import java.util.List;

/**
 * A dense row-major array of strings. ONNX' strings are bytes; those that are no UTF-8 are refused where they are read.
 *
 * @param shape sizes, outermost first; empty for a scalar
 */
public record TextArray(List<Long> shape, List<String> values) {
    public TextArray {
        shape = List.copyOf(shape);
        values = List.copyOf(values);
        if (Tensor.elements(shape) != values.size()) {
            throw new IllegalArgumentException("values: " + values.size() + " for shape " + shape);
        }
    }
}
