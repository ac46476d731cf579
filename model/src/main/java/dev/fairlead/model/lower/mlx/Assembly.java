package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.mlx.MlxGraph;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.provenance.OfValue;
import dev.fairlead.model.provenance.OfWeight;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.provenance.Relation;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The graph of all that was written, without what no output needs, under the ONNX model's own names. */
final class Assembly {
    /** The version whose primitive state the rules write. */
    private static final String MLX = "0.32.4";

    private final Primitives mlx;
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, MlxValue> values = new HashMap<>();
    /** The ONNX name of a value that stands for an ONNX value. */
    private final Map<String, String> wanted = new HashMap<>();

    private Assembly(Primitives mlx) {
        this.mlx = mlx;
    }

    static Lowered.Graph of(Graph graph, List<String> symbols, Map<String, Operand> scope, Primitives mlx) {
        return new Assembly(mlx).assemble(graph, symbols, scope);
    }

    private Lowered.Graph assemble(Graph graph, List<String> symbols, Map<String, Operand> scope) {
        List<Operand> results = new ArrayList<>();
        for (Value output : graph.outputs()) {
            results.add(checked(output, scope));
        }
        List<MlxNode> live = live(results);
        name(graph, scope, live, results);
        List<MlxValue> inputs = mlx.inputs();
        inputs.forEach(input -> values.put(input.name(), input));
        Map<String, Tensor> weights = new LinkedHashMap<>();
        List<MlxValue> constants = new ArrayList<>();
        mlx.constants().forEach((key, tensor) -> {
            String name = names.get(key);
            if (name != null) {
                MlxValue value = new MlxValue(name, tensor.dtype(), Shapes.of(tensor.shape()));
                values.put(name, value);
                constants.add(value);
                weights.put(name, tensor);
            }
        });
        List<MlxNode> nodes = new ArrayList<>();
        for (MlxNode node : live) {
            nodes.add(new MlxNode(
                    node.file(),
                    "nodes[" + nodes.size() + "]",
                    node.op(),
                    node.inputs().stream().map(this::renamed).toList(),
                    node.outputs().stream().map(this::renamed).toList(),
                    node.arguments(),
                    node.origin()));
        }
        List<MlxGraph.Output> outputs = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            outputs.add(new MlxGraph.Output(
                    graph.outputs().get(i).name(), renamed(results.get(i).value())));
        }
        return new Lowered.Graph(
                new MlxGraph(MLX, symbols, inputs, outputs, constants, nodes, values),
                weights,
                provenance(graph, live));
    }

    /** A value that has an ONNX value's name is that value; the others stand inside what a node computes. */
    private Provenance provenance(Graph graph, List<MlxNode> live) {
        List<OfValue> made = new ArrayList<>();
        for (MlxNode node : live) {
            for (MlxValue value : node.outputs()) {
                OfValue inside = mlx.provenance().get(value.name());
                String name = names.get(value.name());
                if (inside != null && name != null) {
                    String stands = wanted.get(value.name());
                    made.add(new OfValue(
                            name,
                            stands == null ? inside.sources() : List.of(stands),
                            inside.origin(),
                            inside.rule(),
                            inside.version(),
                            stands == null ? inside.relation() : Relation.IDENTITY));
                }
            }
        }
        List<OfWeight> kept = new ArrayList<>();
        mlx.constants().keySet().forEach(key -> {
            String name = names.get(key);
            String source = wanted.get(key);
            Tensor tensor = graph.initializers().get(source);
            if (name != null && source != null && tensor != null) {
                kept.add(new OfWeight(name, source, Segments.sha256(tensor.data()), List.of()));
            }
        });
        return new Provenance(made, kept);
    }

    private List<MlxNode> live(List<Operand> results) {
        Set<String> needed = new HashSet<>();
        results.forEach(result -> needed.add(result.value().name()));
        List<MlxNode> live = new ArrayList<>();
        for (MlxNode node : mlx.nodes().reversed()) {
            if (node.outputs().stream().anyMatch(value -> needed.contains(value.name()))) {
                live.add(node);
                node.inputs().forEach(value -> needed.add(value.name()));
            }
        }
        Collections.reverse(live);
        return live;
    }

    /** ONNX' names where a value has one, else {@code v0}, {@code v1}, … as the exporter gives them. */
    private void name(Graph graph, Map<String, Operand> scope, List<MlxNode> live, List<Operand> results) {
        Set<String> taken = new HashSet<>();
        mlx.inputs().forEach(input -> {
            names.put(input.name(), input.name());
            taken.add(input.name());
        });
        graph.initializers().keySet().forEach(name -> want(name, scope));
        graph.outputs().forEach(output -> want(output.name(), scope));
        graph.nodes().forEach(node -> node.outputs().forEach(name -> want(name, scope)));
        List<String> order = new ArrayList<>();
        Set<String> used = new HashSet<>();
        live.forEach(node -> node.inputs().forEach(value -> used.add(value.name())));
        results.forEach(result -> used.add(result.value().name()));
        mlx.constants().keySet().stream().filter(used::contains).forEach(order::add);
        live.forEach(node -> node.outputs().forEach(value -> order.add(value.name())));
        order.forEach(key -> {
            String name = wanted.get(key);
            if (name != null && taken.add(name)) {
                names.put(key, name);
            }
        });
        int next = 0;
        for (String key : order) {
            while (!names.containsKey(key)) {
                String name = "v" + next++;
                if (taken.add(name)) {
                    names.put(key, name);
                }
            }
        }
    }

    private void want(String name, Map<String, Operand> scope) {
        Operand operand = scope.get(name);
        if (operand != null && !name.isEmpty()) {
            wanted.putIfAbsent(operand.value().name(), name);
        }
    }

    private MlxValue renamed(MlxValue value) {
        String name = names.get(value.name());
        if (name == null) {
            throw new IllegalStateException("a value without a name");
        }
        return values.computeIfAbsent(name, n -> new MlxValue(n, value.dtype(), value.shape()));
    }

    /** What the model states of an output must hold of what was made, or the rule or the model is wrong. */
    private static Operand checked(Value stated, Map<String, Operand> scope) {
        Operand made = scope.get(stated.name());
        if (made == null) {
            throw wrong(stated, "nothing makes it");
        }
        if (stated.dtype().isPresent() && stated.dtype().get() != made.dtype()) {
            throw wrong(
                    stated,
                    "is " + made.dtype().text() + ", the model states "
                            + stated.dtype().get().text());
        }
        List<Dim> dims = stated.shape().orElse(made.value().dims());
        if (dims.size() != made.rank()) {
            throw wrong(stated, "has rank " + made.rank() + ", the model states " + dims);
        }
        for (int axis = 0; axis < made.rank(); axis++) {
            if (dims.get(axis) instanceof Dim.Fixed(long size)
                    && made.size(axis).constant().orElse(size) != size) {
                throw wrong(stated, "has shape " + made.shape() + ", the model states " + dims);
            }
        }
        return made;
    }

    private static ModelException wrong(Value output, String problem) {
        return new ModelException(
                ErrorCode.MALFORMED, "model.onnx", "output " + ModelException.shown(output.name()), problem);
    }
}
