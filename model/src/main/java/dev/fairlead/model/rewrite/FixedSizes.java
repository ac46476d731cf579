package dev.fairlead.model.rewrite;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.graph.Value;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Gives symbolic sizes their numbers, for formats that want shapes to be known when a model is made. */
public final class FixedSizes {
    private FixedSizes() {}

    /** The symbols in the inputs' shapes. */
    public static NavigableSet<String> symbols(Graph graph) {
        NavigableSet<String> symbols = new TreeSet<>();
        for (Value input : graph.inputs()) {
            for (Dim dim : input.shape().orElse(List.of())) {
                if (dim instanceof Dim.Symbolic(Expression expression)) {
                    symbols.addAll(expression.symbols());
                }
            }
        }
        return symbols;
    }

    /**
     * The model with these sizes wherever it states a shape.
     *
     * @param sizes by symbol, not negative
     * @throws ModelException MISSING when no input has such a symbol
     */
    public static Model in(Model model, Map<String, Long> sizes) {
        if (sizes.isEmpty()) {
            return model;
        }
        Graph graph = model.graph();
        NavigableSet<String> symbols = symbols(graph);
        NavigableSet<String> unknown = new TreeSet<>(sizes.keySet());
        unknown.removeAll(symbols);
        if (!unknown.isEmpty()) {
            throw new ModelException(
                    ErrorCode.MISSING,
                    "graph",
                    "sizes",
                    "no input has " + String.join(", ", unknown) + ", but "
                            + (symbols.isEmpty() ? "fixed sizes only" : String.join(", ", symbols)));
        }
        return model.withGraph(new Graph(
                graph.name(),
                values(graph.inputs(), sizes),
                values(graph.outputs(), sizes),
                graph.initializers(),
                graph.nodes(),
                values(graph.values(), sizes)));
    }

    private static List<Value> values(List<Value> values, Map<String, Long> sizes) {
        return values.stream()
                .map(value -> value.type() instanceof Type.Dense(var dtype, var shape)
                        ? new Value(
                                value.name(),
                                new Type.Dense(
                                        dtype,
                                        shape.map(dims -> dims.stream()
                                                .map(dim -> fixed(dim, sizes))
                                                .toList())),
                                value.metadata())
                        : value)
                .toList();
    }

    private static Dim fixed(Dim dim, Map<String, Long> sizes) {
        return dim instanceof Dim.Symbolic(Expression expression) ? Dim.of(expression.with(sizes)) : dim;
    }
}
