package dev.fairlead.conformance.trip;

import dev.fairlead.conformance.Agreement;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.rewrite.ShapeInference;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The coarsest of the floating types that a model computes in, and how far rounding to it may carry. */
final class Narrowest {
    /** From the coarsest on. */
    private static final List<DType> TYPES = List.of(DType.BFLOAT16, DType.FLOAT16, DType.FLOAT32, DType.FLOAT64);

    private Narrowest() {}

    static DType in(Model model) {
        Graph graph = ShapeInference.infer(model).graph();
        Set<DType> found = new HashSet<>();
        Stream.of(graph.inputs(), graph.values(), graph.outputs())
                .flatMap(List::stream)
                .map(Value::dtype)
                .flatMap(Optional::stream)
                .forEach(found::add);
        graph.initializers().values().stream().map(Tensor::dtype).forEach(found::add);
        return TYPES.stream().filter(found::contains).findFirst().orElse(DType.FLOAT64);
    }

    /** Two units in the last place of one: a constant's rounding is half a unit, and few rules have more than one constant. */
    static double rounding(DType dtype) {
        return switch (dtype) {
            case BFLOAT16 -> 0x1p-6;
            case FLOAT16 -> 0x1p-9;
            case FLOAT32 -> 0x1p-22;
            default -> Agreement.LIMIT;
        };
    }
}
