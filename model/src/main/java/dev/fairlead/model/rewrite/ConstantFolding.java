package dev.fairlead.model.rewrite;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.interpret.Kernels;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Replaces nodes of the main graph by the constants that they make, bit for bit: integers and booleans through the interpreter, whose
 * integers are exact, and floating numbers only where they are moved and not computed with, for the interpreter is wider than the
 * runtimes. Shapes that inference knows to be fixed become constants too.
 */
public final class ConstantFolding {
    private static final int LARGEST = 1 << 24;

    private final Model model;
    private final long limit;
    private final Map<String, Tensor> constants = new HashMap<>();
    private final Map<String, Tensor> made = new LinkedHashMap<>();

    private ConstantFolding(Model model, long limit) {
        this.model = model;
        this.limit = Math.min(limit, LARGEST);
    }

    /**
     * Folds.
     *
     * @param limit bytes of the largest constant that is made
     */
    public static Model fold(Model model, long limit) {
        Model folded = model;
        int before;
        do {
            before = nodes(folded);
            folded = new ConstantFolding(folded, limit).run();
            // A constant that was just made may fix a shape, and so make others.
        } while (nodes(folded) < before);
        return folded;
    }

    /** How many compute something. */
    private static int nodes(Model model) {
        return (int) model.graph().nodes().stream()
                .filter(node -> !node.op().equals("Constant"))
                .count();
    }

    private Model run() {
        Graph graph = model.graph();
        Map<String, Fact> facts = ShapeInference.facts(model);
        constants.putAll(graph.initializers());
        graph.inputs().forEach(input -> constants.remove(input.name()));
        // An output must be made by a node: not every runtime hands out an initializer.
        Set<String> outputs = new HashSet<>();
        graph.outputs().forEach(output -> outputs.add(output.name()));
        List<Node> kept = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Optional<List<Tensor>> results = fromFacts(node, facts).or(() -> computed(node));
            if (results.isPresent()) {
                keep(node, results.get());
            }
            if (results.isEmpty() || node.outputs().stream().anyMatch(outputs::contains)) {
                kept.add(node);
                node.outputs().forEach(made::remove);
            }
        }
        Map<String, Tensor> initializers = new LinkedHashMap<>(graph.initializers());
        initializers.putAll(made);
        return model.withGraph(
                new Graph(graph.name(), graph.inputs(), graph.outputs(), initializers, kept, graph.values()));
    }

    private void keep(Node node, List<Tensor> results) {
        for (int i = 0; i < results.size(); i++) {
            String name = node.outputs().get(i);
            if (!name.isEmpty()) {
                constants.put(name, results.get(i));
                made.put(name, results.get(i));
            }
        }
    }

    private Optional<List<Tensor>> fromFacts(Node node, Map<String, Fact> facts) {
        if (node.outputs().size() != 1 || node.op().equals("Constant")) {
            return Optional.empty();
        }
        Fact fact = facts.getOrDefault(node.outputs().getFirst(), Fact.UNKNOWN);
        Optional<long[]> shape = fact.shape().flatMap(Numbers::fixed);
        if (fact.integers().isEmpty() || shape.isEmpty() || !Numbers.countsSizes(fact)) {
            return Optional.empty();
        }
        List<Long> sizes = Arrays.stream(shape.get()).boxed().toList();
        DType dtype = fact.dtype().orElseThrow();
        List<Long> numbers = fact.integers().get();
        if (dtype.bytes(numbers.size()) > limit) {
            return Optional.empty();
        }
        Tensor tensor = Tensor.allocate(dtype, sizes);
        for (int i = 0; i < numbers.size(); i++) {
            tensor.set(i, numbers.get(i));
        }
        return Optional.of(List.of(tensor));
    }

    private Optional<List<Tensor>> computed(Node node) {
        if (!node.domain().isEmpty()
                || node.outputs().isEmpty()
                || node.outputs().getFirst().isEmpty()) {
            return Optional.empty();
        }
        if (node.op().equals("Constant")) {
            return ConstantShapes.value(node).map(List::of);
        }
        boolean foldable = Foldable.isExactOnIntegers(node) || Foldable.moves(node);
        boolean known = node.inputs().stream().allMatch(name -> name.isEmpty() || constants.containsKey(name));
        boolean small = node.inputs().stream()
                .allMatch(name -> constants.get(name) == null
                        || constants.get(name).data().byteSize() <= LARGEST);
        if (!foldable || !known || !small || !Kernels.operators().contains(node.op())) {
            return Optional.empty();
        }
        boolean whole =
                node.inputs().stream().filter(name -> !name.isEmpty()).allMatch(name -> isWhole(constants.get(name)));
        if (whole && Foldable.isExactOnIntegers(node) && !Foldable.dividesByZero(node, constants)) {
            return run(node, constants)
                    .filter(results -> !node.op().equals("Cast")
                            || isSame(constants.get(node.inputs().getFirst()), results.getFirst()));
        }
        return Foldable.moves(node) ? moved(node) : Optional.empty();
    }

    /** Whether a cast keeps every number, which all runtimes then agree on. */
    private static boolean isSame(@Nullable Tensor from, Tensor to) {
        if (from == null || !isWhole(to)) {
            return false;
        }
        for (long i = 0; i < to.elements(); i++) {
            if (from.longAt(i) != to.longAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWhole(@Nullable Tensor tensor) {
        return tensor != null && (tensor.dtype().isInteger() || tensor.dtype() == DType.BOOL);
    }

    /**
     * Moves bytes where the interpreter moves their positions: the data inputs are replaced by numbers that count their elements, one
     * after the other.
     */
    private Optional<List<Tensor>> moved(Node node) {
        Map<String, Tensor> given = new HashMap<>(constants);
        List<String> inputs = new ArrayList<>(node.inputs());
        List<Tensor> sources = new ArrayList<>();
        long count = 0;
        for (int index : Foldable.data(node)) {
            Tensor source = constants.get(inputs.get(index));
            if (source == null
                    || (!sources.isEmpty()
                            && source.dtype() != sources.getFirst().dtype())) {
                return Optional.empty();
            }
            Tensor positions = Tensor.allocate(DType.INT64, source.shape());
            for (long i = 0; i < source.elements(); i++) {
                positions.set(i, count + i);
            }
            count += source.elements();
            sources.add(source);
            inputs.set(index, "position " + index);
            given.put("position " + index, positions);
        }
        Node counting = new Node(
                node.name(), node.domain(), node.op(), inputs, node.outputs(), node.attributes(), node.metadata());
        return run(counting, given)
                .map(results -> results.stream()
                        .map(positions -> Moving.take(sources, positions))
                        .toList());
    }

    private Optional<List<Tensor>> run(Node node, Map<String, Tensor> given) {
        Map<String, Datum> arguments = new HashMap<>();
        List<Value> inputs = new ArrayList<>();
        for (String name : node.inputs()) {
            Tensor tensor = given.get(name);
            if (tensor != null && arguments.putIfAbsent(name, Datum.of(Array.of(tensor))) == null) {
                inputs.add(new Value(name, Optional.empty(), Optional.empty()));
            }
        }
        List<Value> outputs = node.outputs().stream()
                .filter(name -> !name.isEmpty())
                .map(name -> new Value(name, Optional.empty(), Optional.empty()))
                .toList();
        Graph alone = new Graph("folded", inputs, outputs, Map.of(), List.of(node), List.of());
        Model single = new Model(model.irVersion(), "", "", new TreeMap<>(model.opsets()), Map.of(), alone);
        try {
            Map<String, Datum> results = new Interpreter(single).run(arguments);
            List<Tensor> tensors = new ArrayList<>();
            for (String name : node.outputs()) {
                Datum result = results.get(name);
                if (result == null || !(result.content() instanceof Content.Dense(Tensor tensor))) {
                    return Optional.empty();
                }
                if (tensor.data().byteSize() > limit) {
                    return Optional.empty();
                }
                tensors.add(tensor);
            }
            return Optional.of(tensors);
        } catch (ModelException e) {
            if (e.code() == ErrorCode.UNSUPPORTED) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
