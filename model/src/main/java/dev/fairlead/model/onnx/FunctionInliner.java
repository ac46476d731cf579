package dev.fairlead.model.onnx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.protobuf.Wire;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Puts the nodes of a model's own functions where they are called: the graph has no functions. */
final class FunctionInliner {
    private static final int MAX_DEPTH = 64;

    /** Functions that each call the next one twice would ask for more than any model has. */
    private static final int MAX_CALLS = 20_000;

    /** Bodies are read anew for every call, so a small file can ask for any amount. */
    private static final long MAX_BYTES = 16L << 20;

    private final Wire wire;
    private final ExternalData external;
    private final Map<String, Function> functions;
    private final Map<String, Long> opsets;
    private final Set<String> used = new HashSet<>();
    private final Set<String> open = new LinkedHashSet<>();
    private int calls;
    private long read;

    /** @param opsets the model's, to which those are added that only functions import */
    FunctionInliner(Wire wire, ExternalData external, Map<String, Function> functions, Map<String, Long> opsets) {
        this.wire = wire;
        this.external = external;
        this.functions = functions;
        this.opsets = opsets;
    }

    Graph inline(Graph graph) {
        collect(graph);
        functions.values().forEach(this::agree);
        Graph inlined = inner(graph);
        functions.values().stream()
                .map(Function::domain)
                .filter(domain -> !domain.isEmpty() && !uses(inlined, domain))
                .forEach(opsets::remove);
        return inlined;
    }

    private static boolean uses(Graph graph, String domain) {
        return graph.nodes().stream()
                .anyMatch(node -> node.domain().equals(domain)
                        || node.attributes().values().stream()
                                .anyMatch(a -> a instanceof Attribute.GraphValue(Graph g) && uses(g, domain)));
    }

    /** One graph has one version of each operator set. */
    private void agree(Function function) {
        function.opsets().forEach((domain, version) -> {
            long other = opsets.computeIfAbsent(domain, _ -> version);
            boolean isOwn = functions.values().stream().anyMatch(f -> f.domain().equals(domain));
            if (other != version && !isOwn) {
                throw wire.error(
                        ErrorCode.UNSUPPORTED,
                        "functions",
                        "%s imports version %d of %s, the model %d"
                                .formatted(
                                        ModelException.shown(function.name()),
                                        version,
                                        ModelException.shown(domain),
                                        other));
            }
        });
    }

    private void collect(Graph graph) {
        graph.inputs().forEach(value -> used.add(value.name()));
        used.addAll(graph.initializers().keySet());
        for (Node node : graph.nodes()) {
            used.addAll(node.inputs());
            used.addAll(node.outputs());
            node.attributes().values().forEach(attribute -> {
                if (attribute instanceof Attribute.GraphValue(Graph inner)) {
                    collect(inner);
                }
            });
        }
    }

    private Graph inner(Graph graph) {
        List<Node> nodes =
                graph.nodes().stream().flatMap(node -> expanded(node).stream()).toList();
        return new Graph(graph.name(), graph.inputs(), graph.outputs(), graph.initializers(), nodes, graph.values());
    }

    private List<Node> expanded(Node node) {
        String overload = node.metadata().getOrDefault(Carried.OVERLOAD, "");
        Function function = functions.get(Function.key(node.domain(), node.op(), overload));
        if (function != null) {
            return call(node, function);
        }
        SortedMap<String, Attribute> attributes = new TreeMap<>(node.attributes());
        attributes.replaceAll((_, attribute) -> attribute instanceof Attribute.GraphValue(Graph graph)
                ? new Attribute.GraphValue(inner(graph))
                : attribute);
        return List.of(new Node(
                node.name(), node.domain(), node.op(), node.inputs(), node.outputs(), attributes, node.metadata()));
    }

    private List<Node> call(Node node, Function function) {
        if (!open.add(function.key())) {
            throw wire.error(ErrorCode.MALFORMED, "functions", ModelException.shown(function.name()) + " calls itself");
        }
        if (node.inputs().size() > function.inputs().size()
                || node.outputs().size() > function.outputs().size()) {
            throw wire.error(
                    ErrorCode.MALFORMED,
                    "functions",
                    ModelException.shown(function.name()) + " is called with more inputs or outputs than it has");
        }
        calls++;
        read += function.bytes().size();
        if (open.size() > MAX_DEPTH) {
            throw wire.error(ErrorCode.LIMIT, "functions", "called deeper than " + MAX_DEPTH);
        }
        if (calls > MAX_CALLS || read > MAX_BYTES) {
            throw wire.error(
                    ErrorCode.LIMIT,
                    "functions",
                    "more than %d calls or %d bytes of bodies in them".formatted(MAX_CALLS, MAX_BYTES));
        }
        Map<String, Attribute> bindings = new HashMap<>(function.defaults());
        node.attributes().forEach((name, attribute) -> {
            if (!function.attributes().contains(name) && !function.defaults().containsKey(name)) {
                throw wire.error(
                        ErrorCode.MALFORMED,
                        "functions",
                        ModelException.shown(function.name()) + " has no attribute " + ModelException.shown(name));
            }
            bindings.put(name, attribute);
        });
        Renaming names = new Renaming(node.outputs().stream()
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse(function.name()));
        for (int i = 0; i < function.inputs().size(); i++) {
            names.map.put(
                    function.inputs().get(i),
                    i < node.inputs().size() ? node.inputs().get(i) : "");
        }
        List<Node> copies = new ArrayList<>();
        for (int i = 0; i < node.outputs().size(); i++) {
            String actual = node.outputs().get(i);
            String formal = function.outputs().get(i);
            if (!actual.isEmpty() && names.map.putIfAbsent(formal, actual) != null) {
                // An input handed out again, or one value under two names.
                copies.add(new Node(
                        "",
                        "",
                        "Identity",
                        List.of(names.of(formal)),
                        List.of(actual),
                        new TreeMap<>(),
                        node.metadata()));
            }
        }
        List<Node> nodes = new ArrayList<>();
        for (Node inner : function.nodes(bindings, external)) {
            nodes.addAll(expanded(names.apply(inner, node.metadata())));
        }
        nodes.addAll(copies);
        open.remove(function.key());
        return nodes;
    }

    /** Makes the names of one call's values unique in the model. */
    private final class Renaming {
        private final Map<String, String> map = new HashMap<>(Map.of("", ""));
        private final String prefix;

        Renaming(String prefix) {
            this.prefix = prefix;
        }

        String of(String name) {
            return map.computeIfAbsent(name, inner -> {
                String unique = prefix + "/" + inner;
                for (int i = 2; !used.add(unique); i++) {
                    unique = prefix + "/" + inner + "/" + i;
                }
                return unique;
            });
        }

        Node apply(Node node, Map<String, String> inherited) {
            SortedMap<String, Attribute> attributes = new TreeMap<>(node.attributes());
            attributes.replaceAll((_, attribute) -> attribute instanceof Attribute.GraphValue(Graph graph)
                    ? new Attribute.GraphValue(apply(graph))
                    : attribute);
            NavigableMap<String, String> metadata = new TreeMap<>(node.metadata());
            inherited.forEach(metadata::putIfAbsent);
            if (!node.metadata().containsKey(Carried.OVERLOAD)) {
                metadata.remove(Carried.OVERLOAD);
            }
            return new Node(
                    node.name().isEmpty() ? "" : prefix + "/" + node.name(),
                    node.domain(),
                    node.op(),
                    node.inputs().stream().map(this::of).toList(),
                    node.outputs().stream().map(this::of).toList(),
                    attributes,
                    metadata);
        }

        private Graph apply(Graph graph) {
            Map<String, Tensor> initializers = new LinkedHashMap<>();
            graph.initializers().forEach((name, tensor) -> initializers.put(of(name), tensor));
            return new Graph(
                    graph.name(),
                    graph.inputs().stream().map(this::apply).toList(),
                    graph.outputs().stream().map(this::apply).toList(),
                    initializers,
                    graph.nodes().stream().map(node -> apply(node, Map.of())).toList(),
                    graph.values().stream().map(this::apply).toList());
        }

        private Value apply(Value value) {
            return new Value(of(value.name()), value.type(), value.metadata());
        }
    }
}
