package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Computes nodes whose inputs are all known: most of what decides shapes. Floating results are the interpreter's, rounded once to
 * their type.
 */
final class Folding {
    /** Elements; larger results stay in the graph, where they cost no memory now. */
    private static final long LIMIT = 1 << 14;

    private final Map<String, Long> opsets;

    Folding(Map<String, Long> opsets) {
        this.opsets = opsets;
    }

    /** The node's outputs; empty when they can't be computed now. */
    Optional<List<Tensor>> fold(Node node, List<Optional<Tensor>> inputs) {
        if (isRandom(node) || inputs.stream().flatMap(Optional::stream).anyMatch(t -> t.elements() > LIMIT)) {
            return Optional.empty();
        }
        Map<String, Datum> given = new HashMap<>();
        List<Value> stated = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            String name = node.inputs().get(i);
            inputs.get(i).ifPresent(tensor -> {
                if (given.putIfAbsent(name, Datum.of(Array.of(tensor))) == null) {
                    stated.add(new Value(name, Optional.empty(), Optional.empty()));
                }
            });
        }
        List<Value> outputs = node.outputs().stream()
                .filter(name -> !name.isEmpty())
                .map(name -> new Value(name, Optional.empty(), Optional.empty()))
                .toList();
        Graph graph = new Graph("folded", stated, outputs, new LinkedHashMap<>(), List.of(node), List.of());
        Model model = new Model(10, "", "", new TreeMap<>(opsets), Map.of(), graph);
        try {
            Map<String, Datum> results = new Interpreter(model).run(given);
            List<Tensor> tensors = new ArrayList<>();
            for (Value output : outputs) {
                if (!(results.get(output.name()) instanceof Datum.Dense(Array array)) || array.size() > LIMIT) {
                    return Optional.empty();
                }
                Optional<Tensor> tensor = tensor(array);
                if (tensor.isEmpty()) {
                    return Optional.empty();
                }
                tensors.add(tensor.get());
            }
            return Optional.of(tensors);
        } catch (ModelException e) {
            if (e.code() != ErrorCode.UNSUPPORTED) {
                throw e;
            }
            return Optional.empty(); // no kernel: the rule sees to it
        }
    }

    private static boolean isRandom(Node node) {
        return node.op().startsWith("Random")
                || List.of("Bernoulli", "Multinomial", "Dropout").contains(node.op());
    }

    private static Optional<Tensor> tensor(Array array) {
        List<Long> shape = Arrays.stream(array.shape()).asLongStream().boxed().toList();
        return switch (array) {
            case Array.Reals(DType dtype, int[] _, double[] values) -> {
                Tensor tensor = Tensor.allocate(dtype, shape);
                for (int i = 0; i < values.length; i++) {
                    tensor.set(i, values[i]);
                }
                yield Optional.of(tensor);
            }
            case Array.Integers(DType dtype, int[] _, long[] values) -> {
                Tensor tensor = Tensor.allocate(dtype, shape);
                for (int i = 0; i < values.length; i++) {
                    tensor.set(i, values[i]);
                }
                yield Optional.of(tensor);
            }
            case Array.Complexes _, Array.Texts _ -> Optional.empty();
        };
    }
}
