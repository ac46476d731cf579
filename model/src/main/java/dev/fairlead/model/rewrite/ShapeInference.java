package dev.fairlead.model.rewrite;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.graph.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * States type and shape of every value, in the graph and in the graphs of control flow, as far as they follow from the inputs'. Sizes are
 * polynomials of the inputs' symbols; integers that become shapes are followed through the nodes that compute them.
 */
public final class ShapeInference {
    /** Before this version of the format, every initializer had to be listed as an input too. */
    private static final long INITIALIZERS_STAND_ALONE = 4;

    private final SortedMap<String, Long> opsets;
    private final boolean listsInitializers;

    private ShapeInference(Model model) {
        this.opsets = model.opsets();
        this.listsInitializers = model.irVersion() < INITIALIZERS_STAND_ALONE;
    }

    /**
     * The same model with {@link Graph#values} and outputs completed. A size that is declared by a symbol keeps it where nothing more
     * definite is inferred; an output keeps its declared symbols always, for they are the model's signature.
     *
     * @throws ModelException MALFORMED when what is declared contradicts what an operator makes, naming the value
     */
    public static Model infer(Model model) {
        ShapeInference pass = new ShapeInference(model);
        List<Fact> inputs = model.graph().inputs().stream().map(Fact::of).toList();
        Graph graph = pass.graph(model.graph(), inputs, Scope.OUTERMOST).graph();
        return model.withGraph(graph);
    }

    /** What is known of every value of the main graph, by name. */
    static Map<String, Fact> facts(Model model) {
        ShapeInference pass = new ShapeInference(model);
        Scope scope = new Scope(Scope.OUTERMOST);
        pass.graph(model.graph(), model.graph().inputs().stream().map(Fact::of).toList(), scope, new ArrayList<>());
        return new TreeMap<>(scope.facts);
    }

    /** Facts by name; inner graphs see those around them. */
    private static final class Scope {
        static final Scope OUTERMOST = new Scope(null);

        private final @Nullable Scope outer;
        final Map<String, Fact> facts = new LinkedHashMap<>();

        Scope(@Nullable Scope outer) {
            this.outer = outer;
        }

        Fact get(String name) {
            for (Scope scope = this; scope != null; scope = scope.outer) {
                Fact fact = scope.facts.get(name);
                if (fact != null) {
                    return fact;
                }
            }
            return Fact.UNKNOWN;
        }
    }

    private Inference.Inferred graph(Graph graph, List<Fact> arguments, Scope outer) {
        Scope scope = new Scope(outer);
        List<Node> nodes = new ArrayList<>();
        graph(graph, arguments, scope, nodes);
        List<Value> inputs = graph.inputs().stream()
                .map(input -> refined(input, scope.get(input.name())))
                .toList();
        List<Value> outputs = graph.outputs().stream()
                .map(output -> completed(output, scope.get(output.name())))
                .toList();
        List<Fact> results =
                graph.outputs().stream().map(output -> scope.get(output.name())).toList();
        return new Inference.Inferred(
                new Graph(graph.name(), inputs, outputs, graph.initializers(), nodes, values(graph, scope)), results);
    }

    private void graph(Graph graph, List<Fact> arguments, Scope scope, List<Node> nodes) {
        Map<String, Value> declared = new LinkedHashMap<>();
        graph.values().forEach(value -> declared.put(value.name(), value));
        graph.outputs().forEach(value -> declared.put(value.name(), value));
        graph.initializers().forEach((name, tensor) -> scope.facts.put(name, Fact.of(tensor)));
        for (int i = 0; i < graph.inputs().size(); i++) {
            Value input = graph.inputs().get(i);
            Fact argument = i < arguments.size() ? arguments.get(i) : Fact.UNKNOWN;
            Fact constant = listsInitializers ? scope.facts.get(input.name()) : null;
            // Otherwise an input with an initializer may be given another value when the model runs.
            scope.facts.put(
                    input.name(),
                    constant == null
                            ? merged("the caller", argument, input)
                            : merged("its initializer", constant, input));
        }
        for (Node node : graph.nodes()) {
            nodes.add(step(node, scope, declared));
        }
    }

    private Node step(Node node, Scope scope, Map<String, Value> declared) {
        List<Fact> inputs = node.inputs().stream()
                .map(name -> name.isEmpty() ? Fact.UNKNOWN : scope.get(name))
                .toList();
        String domain = node.domain().equals("ai.onnx") ? "" : node.domain();
        Inference at = new Inference(
                node,
                opsets.getOrDefault(domain, 1L),
                inputs,
                (graph, arguments) -> this.graph(graph, arguments, scope));
        List<Fact> results;
        try {
            results = ShapeRules.all().find(node).map(rule -> rule.infer(at)).orElse(List.of());
        } catch (Shapes.Mismatch e) {
            throw at.malformed(String.valueOf(e.getMessage()));
        }
        for (int i = 0; i < node.outputs().size(); i++) {
            String name = node.outputs().get(i);
            if (!name.isEmpty()) {
                Fact result = i < results.size() ? results.get(i) : Fact.UNKNOWN;
                Value stated = declared.get(name);
                scope.facts.put(name, stated == null ? result : merged(Inference.place(node), result, stated));
            }
        }
        return at.inferredNode();
    }

    /** A fact with what is declared of it. */
    private static Fact merged(String maker, Fact fact, Value declared) {
        Type type = Types.meet(fact.type(), declared.type())
                .orElseThrow(() -> new ModelException(
                        ErrorCode.MALFORMED,
                        "graph",
                        ModelException.shown(declared.name()),
                        "is declared %s, but %s makes %s"
                                .formatted(Types.text(declared.type()), maker, Types.text(fact.type()))));
        return new Fact(type, fact.elements(), fact.constant());
    }

    private static List<Value> values(Graph graph, Scope scope) {
        Map<String, Value> values = new LinkedHashMap<>();
        graph.values().forEach(value -> values.put(value.name(), refined(value, scope.get(value.name()))));
        Set<String> elsewhere = new LinkedHashSet<>(graph.initializers().keySet());
        graph.inputs().forEach(value -> elsewhere.add(value.name()));
        graph.outputs().forEach(value -> elsewhere.add(value.name()));
        for (Node node : graph.nodes()) {
            for (String name : node.outputs()) {
                Fact fact = scope.get(name);
                if (!name.isEmpty() && !fact.type().equals(Type.UNKNOWN) && !elsewhere.contains(name)) {
                    values.putIfAbsent(name, new Value(name, fact.type()));
                }
            }
        }
        return List.copyOf(values.values());
    }

    private static Value refined(Value value, Fact fact) {
        return new Value(value.name(), Types.meet(fact.type(), value.type()).orElse(value.type()), value.metadata());
    }

    /** Only what is not declared comes from the fact. */
    private static Value completed(Value value, Fact fact) {
        return new Value(value.name(), Types.complete(value.type(), fact.type()), value.metadata());
    }
}
