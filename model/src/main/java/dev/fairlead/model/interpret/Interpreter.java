package dev.fairlead.model.interpret;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Runs a model in float64. Float16, bfloat16, float32 and float64 are one type here and nothing is rounded between them, unless {@link
 * Precision#DECLARED} is asked for; casts to narrower floating types and quantisation do round, for there rounding is what the
 * operator means. Integers are exact and wrap at their declared width. One interpreter may run on many threads at once.
 */
public final class Interpreter {
    private final Model model;
    private final Precision precision;
    private final Weights weights;
    private final IdentityHashMap<Graph, Lifetimes> lifetimes;

    /** In float64. */
    public Interpreter(Model model) {
        this(model, Precision.FLOAT64);
    }

    /**
     * @throws ModelException UNSUPPORTED naming every operator that has no kernel
     */
    public Interpreter(Model model, Precision precision) {
        this(model, precision, new Weights(model), new IdentityHashMap<>());
        TreeSet<String> missing = new TreeSet<>();
        Operators.in(model.graph()).forEach(node -> {
            if (Kernels.all().find(node.domain(), node.op()).isEmpty()) {
                missing.add(node.domain().isEmpty() ? node.op() : node.domain() + "." + node.op());
            }
        });
        if (!missing.isEmpty()) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED, "graph", "nodes", "no kernel for " + String.join(", ", missing));
        }
        Operators.graphs(model.graph()).forEach(graph -> lifetimes.put(graph, Lifetimes.of(graph)));
    }

    private Interpreter(
            Model model, Precision precision, Weights weights, IdentityHashMap<Graph, Lifetimes> lifetimes) {
        this.model = model;
        this.precision = precision;
        this.weights = weights;
        this.lifetimes = lifetimes;
    }

    /** The same model at another precision; what is known of it is shared. */
    public Interpreter at(Precision other) {
        return new Interpreter(model, other, weights, lifetimes);
    }

    /**
     * The model's outputs by name, in its order.
     *
     * @param inputs by name; those with an initializer may be left out
     */
    public Map<String, Datum> run(Map<String, Datum> inputs) {
        return run(inputs, Observer.NONE);
    }

    /**
     * The model's outputs, as above. No value of the graph is held longer than a node needs it.
     *
     * @param observer is told each value that a node of the main graph makes, in the graph's order
     */
    public Map<String, Datum> run(Map<String, Datum> inputs, Observer observer) {
        Graph graph = model.graph();
        Map<String, Datum> scope = new HashMap<>();
        for (Value input : graph.inputs()) {
            Datum given = inputs.get(input.name());
            if (given != null) {
                scope.put(input.name(), given);
            } else if (!graph.initializers().containsKey(input.name())) {
                throw new ModelException(ErrorCode.MISSING, "inputs", ModelException.shown(input.name()), "is missing");
            }
        }
        Map<String, Datum> outputs = new LinkedHashMap<>();
        List<Datum> results = new Run().run(graph, scope, observer);
        for (int i = 0; i < results.size(); i++) {
            outputs.put(graph.outputs().get(i).name(), results.get(i));
        }
        return outputs;
    }

    /** One run, which counts the nodes that it has begun. */
    private final class Run {
        private int place;

        /** Runs a graph in a scope that it adds to. */
        private List<Datum> run(Graph graph, Map<String, Datum> scope, Observer observer) {
            Lifetimes ends = Objects.requireNonNull(lifetimes.get(graph));
            for (int i = 0; i < graph.nodes().size(); i++) {
                Node node = graph.nodes().get(i);
                fill(graph, ends.usedBy(i), scope);
                step(node, scope);
                for (String output : node.outputs()) {
                    Datum made = scope.get(output);
                    if (made != null) {
                        observer.made(node, output, made);
                    }
                }
                ends.endingWith(i).forEach(scope::remove);
            }
            fill(graph, graph.outputs().stream().map(Value::name).toList(), scope);
            return graph.outputs().stream()
                    .map(output -> value(output.name(), scope))
                    .toList();
        }

        private void step(Node node, Map<String, Datum> scope) {
            Kernel kernel = Kernels.all().find(node.domain(), node.op()).orElseThrow();
            List<Optional<Datum>> inputs = new ArrayList<>();
            for (String name : node.inputs()) {
                inputs.add(name.isEmpty() ? Optional.empty() : Optional.of(value(name, scope)));
            }
            int at = place++;
            long opset = model.opsets().getOrDefault(node.domain(), 1L);
            Sums sums = precision.sums(at, isDouble(inputs));
            List<Datum> results = answer(kernel, new Call(node, opset, inputs, sums, (graph, arguments) -> {
                Map<String, Datum> inner = new HashMap<>(scope);
                graph.initializers().keySet().forEach(inner::remove);
                for (int i = 0; i < graph.inputs().size(); i++) {
                    inner.put(graph.inputs().get(i).name(), arguments.get(i));
                }
                return run(graph, inner, Observer.NONE);
            }));
            for (int i = 0; i < node.outputs().size(); i++) {
                if (!node.outputs().get(i).isEmpty() && i < results.size()) {
                    scope.put(node.outputs().get(i), precision.kept(at, node.op(), results.get(i)));
                }
            }
        }
    }

    /** Adds the weights that come to be used, and no others. */
    private void fill(Graph graph, List<String> names, Map<String, Datum> scope) {
        for (String name : names) {
            Tensor tensor = graph.initializers().get(name);
            if (tensor != null && !scope.containsKey(name)) {
                scope.put(name, Datum.of(weights.of(tensor)));
            }
        }
    }

    private static boolean isDouble(List<Optional<Datum>> inputs) {
        return inputs.stream()
                .flatMap(Optional::stream)
                .anyMatch(datum -> datum instanceof Datum.Dense(Array.Reals reals) && reals.dtype() == DType.FLOAT64);
    }

    /** Kernels check what changes a result's meaning; shapes that simply do not fit end here. */
    private static List<Datum> answer(Kernel kernel, Call call) {
        try {
            return kernel.run(call);
        } catch (IndexOutOfBoundsException
                | NegativeArraySizeException
                | ArithmeticException
                | IllegalArgumentException
                | NoSuchElementException e) {
            throw call.malformed("inputs and attributes do not fit together, " + e.getMessage());
        }
    }

    private static Datum value(String name, Map<String, Datum> scope) {
        Datum value = scope.get(name);
        if (value == null) {
            throw new ModelException(
                    ErrorCode.MALFORMED, "graph", ModelException.shown(name), "is used before anything makes it");
        }
        return value;
    }
}
