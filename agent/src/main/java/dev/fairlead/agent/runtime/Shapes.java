package dev.fairlead.agent.runtime;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.signature.Signature;
import dev.fairlead.model.signature.TensorSpec;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sizes of outputs, as far as the signature and the inputs at hand tell them before a run. */
public final class Shapes {
    private final Map<String, Long> symbols = new HashMap<>();

    /** Takes each symbol that is an input's size by itself. */
    public Shapes(Signature signature, Map<String, Tensor> inputs) {
        for (TensorSpec spec : signature.inputs()) {
            Tensor tensor = inputs.get(spec.name());
            for (int axis = 0; tensor != null && axis < spec.shape().size(); axis++) {
                if (spec.shape().get(axis) instanceof Dim.Symbolic(Expression expression)
                        && expression.divisor() == 1
                        && expression.terms().size() == 1
                        && expression.terms().firstKey().size() == 1
                        && expression.terms().firstEntry().getValue() == 1) {
                    symbols.put(
                            expression.terms().firstKey().getFirst(),
                            tensor.shape().get(axis));
                }
            }
        }
    }

    /** The shape in numbers; empty where a size is not known before the run. */
    public Optional<List<Long>> of(TensorSpec spec) {
        List<Long> shape = new ArrayList<>();
        for (Dim dim : spec.shape()) {
            Optional<Long> size = switch (dim) {
                case Dim.Fixed(long fixed) -> Optional.of(fixed);
                case Dim.Symbolic(Expression expression) -> evaluate(expression);
                case Dim.Unknown() -> Optional.empty();
            };
            if (size.isEmpty() || size.get() < 0) {
                return Optional.empty();
            }
            shape.add(size.get());
        }
        return Optional.of(shape);
    }

    private Optional<Long> evaluate(Expression expression) {
        long sum = 0;
        for (Map.Entry<List<String>, Long> term : expression.terms().entrySet()) {
            long product = term.getValue();
            for (String symbol : term.getKey()) {
                Long value = symbols.get(symbol);
                if (value == null) {
                    return Optional.empty();
                }
                product = Math.multiplyExact(product, value);
            }
            sum = Math.addExact(sum, product);
        }
        return Optional.of(Math.floorDiv(sum, expression.divisor()));
    }
}
