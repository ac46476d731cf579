package dev.fairlead.model.rewrite;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.provenance.OriginMetadata;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Moves a model to another version of ONNX' operator set, one version at a time. What the other version has no form for is refused, all of it in
 * one error.
 */
public final class OpsetConversion implements Opset.Names {
    public static final long OLDEST = 13;
    public static final long NEWEST = 23;

    private final Map<String, Fact> facts = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Set<UnsupportedOperation> refused = new LinkedHashSet<>();
    private final Set<String> refusedPlaces = new HashSet<>();

    private OpsetConversion(Model model) {
        collect(ShapeInference.infer(model).graph());
        // Numbers that inference follows through the graph, as well as those that stand in it.
        facts.putAll(ShapeInference.facts(model));
    }

    /**
     * Converts. The same model and version give the same model.
     *
     * @param opset from {@link #OLDEST} to {@link #NEWEST}, as the model's must be
     * @throws ModelException UNSUPPORTED naming every node that has no form in the other version
     */
    public static Model convert(Model model, long opset) {
        return switch (move(model, opset)) {
            case Moved.Whole(Model moved) -> moved;
            case Moved.Refused(List<UnsupportedOperation> operations) ->
                throw new ModelException(
                        ErrorCode.UNSUPPORTED,
                        "graph",
                        "nodes",
                        "version " + opset + " has no form of "
                                + operations.stream()
                                        .map(operation -> operation.op() + " " + ModelException.shown(operation.node())
                                                + ": " + operation.reason())
                                        .collect(Collectors.joining("; ")));
        };
    }

    /** What became of moving a model. */
    public sealed interface Moved {
        record Whole(Model model) implements Moved {}

        /**
         * Nothing is made.
         *
         * @param operations every node that has no form in the other version, in the order of the steps
         */
        record Refused(List<UnsupportedOperation> operations) implements Moved {
            public Refused {
                operations = List.copyOf(operations);
            }
        }
    }

    /**
     * Converts, as {@link #convert} does.
     *
     * @throws ModelException UNSUPPORTED when a version lies outside the range
     */
    public static Moved move(Model model, long opset) {
        long from = model.opsets().getOrDefault("", NEWEST);
        if (opset < OLDEST || opset > NEWEST || from < OLDEST || from > NEWEST) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED,
                    "graph",
                    "opset_import",
                    "converts between %d and %d, not from %d to %d".formatted(OLDEST, NEWEST, from, opset));
        }
        if (from == opset) {
            return new Moved.Whole(model);
        }
        OpsetConversion conversion = new OpsetConversion(model);
        Graph graph = model.graph();
        long step = from < opset ? 1 : -1;
        for (long at = from; at != opset; at += step) {
            graph = conversion.step(graph, at, at + step);
        }
        conversion.check(graph, opset);
        if (!conversion.refused.isEmpty()) {
            return new Moved.Refused(List.copyOf(conversion.refused));
        }
        SortedMap<String, Long> opsets = new TreeMap<>(model.opsets());
        opsets.put("", opset);
        return new Moved.Whole(new Model(
                irVersion(opset), model.producer(), model.producerVersion(), opsets, model.metadata(), graph));
    }

    /** The format's version that came with an operator set. */
    private static long irVersion(long opset) {
        return opset < 15 ? 7 : opset < 19 ? 8 : opset < 21 ? 9 : opset < 23 ? 10 : 11;
    }

    private void collect(Graph graph) {
        for (List<Value> values : List.of(graph.inputs(), graph.values(), graph.outputs())) {
            values.forEach(value -> {
                names.add(value.name());
                facts.putIfAbsent(value.name(), Fact.of(value));
            });
        }
        graph.initializers().forEach((name, tensor) -> {
            names.add(name);
            facts.put(name, Fact.of(tensor));
        });
        graph.inputs().forEach(input -> facts.put(input.name(), Fact.of(input)));
        for (Node node : graph.nodes()) {
            names.addAll(node.outputs());
            if (node.op().equals("Constant") && node.domain().isEmpty()) {
                ConstantShapes.value(node)
                        .ifPresent(tensor -> facts.put(node.outputs().getFirst(), Fact.of(tensor)));
            }
            node.attributes().values().forEach(attribute -> {
                if (attribute instanceof Attribute.GraphValue(Graph inner)) {
                    collect(inner);
                }
            });
        }
    }

    /** Puts other nodes in place of those of one operator; where the rule has none, the node stays. */
    static Model replace(Model model, String op, OpsetRules.Rule rule) {
        if (model.opsets().getOrDefault("", 1L) < OLDEST || !has(model.graph(), op)) {
            return model;
        }
        return model.withGraph(new OpsetConversion(model).replace(model.graph(), op, rule));
    }

    private static boolean has(Graph graph, String op) {
        return graph.nodes().stream()
                .anyMatch(node -> (node.op().equals(op) && node.domain().isEmpty())
                        || node.attributes().values().stream()
                                .anyMatch(attribute ->
                                        attribute instanceof Attribute.GraphValue(Graph inner) && has(inner, op)));
    }

    private Graph replace(Graph graph, String op, OpsetRules.Rule rule) {
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Node entered = within(node, inner -> replace(inner, op, rule));
            List<Node> made = List.of(entered);
            if (node.op().equals(op) && node.domain().isEmpty()) {
                try {
                    made = rule.apply(at(entered));
                } catch (Opset.Refusal e) {
                    made = List.of(entered);
                }
            }
            nodes.addAll(made);
        }
        return new Graph(graph.name(), graph.inputs(), graph.outputs(), graph.initializers(), nodes, graph.values());
    }

    private Opset at(Node node) {
        return new Opset(node, name -> facts.getOrDefault(name, Fact.UNKNOWN), this);
    }

    private Graph step(Graph graph, long from, long to) {
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Node entered = within(node, inner -> step(inner, from, to));
            boolean own = node.domain().isEmpty() || node.domain().equals("ai.onnx");
            if (!own) {
                nodes.add(entered);
                continue;
            }
            try {
                nodes.addAll(OpsetRules.all().find(node.op(), from, to).apply(at(entered)));
            } catch (Opset.Refusal e) {
                refusedPlaces.add(Inference.place(node));
                refuse(node, String.valueOf(e.getMessage()));
                nodes.add(entered);
            }
        }
        return new Graph(graph.name(), graph.inputs(), graph.outputs(), graph.initializers(), nodes, graph.values());
    }

    private interface Change {
        Graph of(Graph graph);
    }

    private static Node within(Node node, Change change) {
        if (node.attributes().values().stream().noneMatch(a -> a instanceof Attribute.GraphValue)) {
            return node;
        }
        TreeMap<String, Attribute> attributes = new TreeMap<>(node.attributes());
        attributes.replaceAll((name, attribute) -> attribute instanceof Attribute.GraphValue(Graph inner)
                ? new Attribute.GraphValue(change.of(inner))
                : attribute);
        return new Node(
                node.name(), node.domain(), node.op(), node.inputs(), node.outputs(), attributes, node.metadata());
    }

    @Override
    public void hold(String name, Tensor tensor) {
        facts.put(name, Fact.of(tensor));
    }

    @Override
    public String fresh(String wanted) {
        String name = wanted;
        for (int i = 2; !names.add(name); i++) {
            name = wanted + "/" + i;
        }
        return name;
    }

    /** What the version's schema does not take. */
    private void check(Graph graph, long opset) {
        for (Node node : graph.nodes()) {
            boolean own = node.domain().isEmpty() || node.domain().equals("ai.onnx");
            if (own && !refusedPlaces.contains(Inference.place(node))) {
                OperatorTable.all()
                        .find(node.op(), opset)
                        .ifPresentOrElse(entry -> check(node, entry), () -> refuse(node, "the operator is not in it"));
            }
            node.attributes().values().forEach(attribute -> {
                if (attribute instanceof Attribute.GraphValue(Graph inner)) {
                    check(inner, opset);
                }
            });
        }
    }

    private void check(Node node, OperatorTable.Entry entry) {
        node.attributes().keySet().stream()
                .filter(name -> !entry.attributes().contains(name))
                .forEach(name -> refuse(node, "attribute " + name));
        boolean few = node.inputs().size() < entry.fewestInputs()
                || node.inputs().subList(0, entry.fewestInputs()).contains("");
        if (few) {
            refuse(node, "an input left out");
        }
        if (entry.mostInputs() >= 0 && node.inputs().size() > entry.mostInputs()) {
            refuse(node, node.inputs().size() + " inputs");
        }
        for (int i = 0; i < node.inputs().size(); i++) {
            int index = i;
            facts.getOrDefault(node.inputs().get(i), Fact.UNKNOWN)
                    .dtype()
                    .map(DType::text)
                    .filter(type -> !entry.takes(index, type))
                    .ifPresent(type -> refuse(node, "input " + index + " of " + type));
        }
        for (int i = 0; i < node.outputs().size(); i++) {
            int index = i;
            facts.getOrDefault(node.outputs().get(i), Fact.UNKNOWN)
                    .dtype()
                    .map(DType::text)
                    .filter(type -> !entry.makes(index, type))
                    .ifPresent(type -> refuse(node, "output " + index + " of " + type));
        }
    }

    private void refuse(Node node, String problem) {
        refused.add(new UnsupportedOperation(
                node.op(), Inference.name(node), OriginMetadata.origin(node.metadata()), problem));
    }
}
