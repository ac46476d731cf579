package dev.fairlead.model.folder;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.rewrite.ShapeInference;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Memory that one run of a model takes, in bytes.
 *
 * @param activations most that values need at once when nodes run in order and each value goes with its last use
 * @param cache what the model hands from one step to the next: inputs that come back grown along one axis
 * @param unknown values whose size does not follow from the inputs', and which are not counted
 */
public record Footprint(long weights, long activations, long cache, int unknown) {
    /**
     * Measures a model.
     *
     * @param sizes of the symbols in its inputs' shapes
     * @throws ModelException MISSING naming the symbols that have no size
     */
    public static Footprint of(Model model, Map<String, Long> sizes) {
        Graph graph = ShapeInference.infer(model).graph();
        requireSizes(graph, sizes);
        Map<String, Optional<Long>> bytes = new HashMap<>();
        for (List<Value> values : List.of(graph.inputs(), graph.values(), graph.outputs())) {
            values.forEach(value -> bytes.put(value.name(), size(value, sizes)));
        }
        Set<String> cached = new HashSet<>();
        long cache = 0;
        for (Value input : graph.inputs()) {
            for (Value output : graph.outputs()) {
                if (grows(input, output) && cached.add(input.name()) && cached.add(output.name())) {
                    cache += bytes.getOrDefault(output.name(), Optional.empty()).orElse(0L);
                }
            }
        }
        long weights = graph.initializers().values().stream()
                .mapToLong(tensor -> tensor.data().byteSize())
                .sum();
        Set<String> uncounted = new HashSet<>(cached);
        uncounted.addAll(graph.initializers().keySet());
        int unknown = (int) graph.nodes().stream()
                .flatMap(node -> node.outputs().stream())
                .filter(name -> !name.isEmpty()
                        && bytes.getOrDefault(name, Optional.empty()).isEmpty())
                .count();
        return new Footprint(weights, peak(graph, bytes, uncounted), cache, unknown);
    }

    private static void requireSizes(Graph graph, Map<String, Long> sizes) {
        Set<String> missing = new TreeSet<>();
        graph.inputs()
                .forEach(input -> input.shape().orElse(List.of()).forEach(dim -> {
                    if (dim instanceof Dim.Symbolic(var expression)) {
                        missing.addAll(expression.symbols());
                    }
                }));
        missing.removeAll(sizes.keySet());
        if (!missing.isEmpty()) {
            throw new ModelException(
                    ErrorCode.MISSING, "graph", "inputs", "no size is given for " + String.join(", ", missing));
        }
    }

    private static Optional<Long> size(Value value, Map<String, Long> sizes) {
        if (value.dtype().isEmpty() || value.shape().isEmpty()) {
            return Optional.empty();
        }
        try {
            long elements = 1;
            for (Dim dim : value.shape().get()) {
                switch (dim) {
                    case Dim.Fixed(long size) -> elements = Math.multiplyExact(elements, size);
                    case Dim.Symbolic(var expression) -> {
                        if (!sizes.keySet().containsAll(expression.symbols())) {
                            return Optional.empty();
                        }
                        elements = Math.multiplyExact(elements, Math.max(expression.at(sizes), 0));
                    }
                    case Dim.Unknown() -> {
                        return Optional.empty();
                    }
                }
            }
            return Optional.of(value.dtype().get().bytes(elements));
        } catch (ArithmeticException e) {
            throw new ModelException(
                    ErrorCode.LIMIT, "graph", ModelException.shown(value.name()), "is larger than can be counted");
        }
    }

    private static boolean grows(Value input, Value output) {
        List<Dim> from = input.shape().orElse(List.of());
        List<Dim> to = output.shape().orElse(List.of());
        if (from.size() < 3 || from.size() != to.size() || !input.dtype().equals(output.dtype())) {
            return false;
        }
        int changed = 0;
        boolean symbolic = false;
        for (int axis = 0; axis < from.size(); axis++) {
            if (!from.get(axis).equals(to.get(axis))) {
                changed++;
                symbolic = from.get(axis) instanceof Dim.Symbolic && !(to.get(axis) instanceof Dim.Fixed);
            }
        }
        return changed == 1 && symbolic;
    }

    private static long peak(Graph graph, Map<String, Optional<Long>> bytes, Set<String> uncounted) {
        Map<String, Integer> last = new HashMap<>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            for (String name : graph.nodes().get(i).inputs()) {
                last.put(name, i);
            }
        }
        graph.outputs().forEach(output -> last.put(output.name(), Integer.MAX_VALUE));
        long live = 0;
        for (Value input : graph.inputs()) {
            live += counted(input.name(), bytes, uncounted);
        }
        long peak = live;
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            for (String name : node.outputs()) {
                live += counted(name, bytes, uncounted);
            }
            peak = Math.max(peak, live);
            Set<String> ended = new HashSet<>(node.inputs());
            ended.addAll(node.outputs());
            for (String name : ended) {
                if (last.getOrDefault(name, i) == i) {
                    live -= counted(name, bytes, uncounted);
                }
            }
        }
        return peak;
    }

    private static long counted(String name, Map<String, Optional<Long>> bytes, Set<String> uncounted) {
        return uncounted.contains(name)
                ? 0
                : bytes.getOrDefault(name, Optional.empty()).orElse(0L);
    }
}
