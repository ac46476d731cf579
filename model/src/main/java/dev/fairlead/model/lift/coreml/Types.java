package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.coreml.MilType;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** MIL's types as the graph's. */
final class Types {
    private Types() {}

    /** A value of a tensor type; sizes that MIL does not know are not stated. */
    static Value value(String name, MilType.OfTensor type) {
        Optional<List<Dim>> shape = type.sizes().stream().anyMatch(MilType.Size.Variadic.class::isInstance)
                ? Optional.empty()
                : Optional.of(type.sizes().stream()
                        .map(size -> size instanceof MilType.Size.Fixed(long fixed)
                                ? (Dim) new Dim.Fixed(fixed)
                                : new Dim.Unknown())
                        .toList());
        return type.element() == MilDataType.STRING
                ? new Value(name, new Type.Texts(shape))
                : new Value(name, type.element().dtype(), shape);
    }

    /** An input: each size that MIL does not know gets a symbol of its own, for Core ML says of no two that they are equal. */
    static Value input(String name, MilType.OfTensor type) {
        List<Dim> shape = new ArrayList<>();
        for (MilType.Size size : type.sizes()) {
            String symbol = name.replaceAll("[^A-Za-z0-9_]", "_") + "_dim" + shape.size();
            shape.add(
                    size instanceof MilType.Size.Fixed(long fixed)
                            ? new Dim.Fixed(fixed)
                            : new Dim.Symbolic(Expression.symbol(symbol)));
        }
        return new Value(name, type.element().dtype(), Optional.of(shape));
    }
}
