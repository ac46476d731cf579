package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.mlx.Argument;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.provenance.OfValue;
import dev.fairlead.model.provenance.OriginMetadata;
import dev.fairlead.model.provenance.Relation;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * MLX primitives to write rules with: each method adds one or a few nodes and answers their result, with the dtype and shape that
 * MLX gives it. Operands are broadcast by nodes of their own, as MLX' traces have them.
 */
final class Primitives
        implements ElementwisePrimitives, ShapePrimitives, ReductionPrimitives, IndexPrimitives, LinearPrimitives {
    /** Raised when any rule's output changes. */
    private static final int VERSION = 1;

    private final List<MlxNode> nodes = new ArrayList<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final Map<String, Operand> literals = new HashMap<>();
    private final List<MlxValue> inputs = new ArrayList<>();
    private final Map<String, OfValue> provenance = new HashMap<>();
    private Origin origin = Origin.UNKNOWN;
    private String rule = "";
    private List<String> sources = List.of();
    private int values;

    List<MlxNode> nodes() {
        return nodes;
    }

    Map<String, Tensor> constants() {
        return constants;
    }

    List<MlxValue> inputs() {
        return inputs;
    }

    /** What a value that was emitted comes from, by its name here; it stands inside what its node computes. */
    Map<String, OfValue> provenance() {
        return provenance;
    }

    /** All that follows is written for this node. */
    void begin(Node node) {
        origin = OriginMetadata.origin(node.metadata());
        rule = Operation.name(node);
        sources = node.outputs().stream().filter(name -> !name.isEmpty()).toList();
    }

    Operand input(String name, DType dtype, List<Expression> shape) {
        MlxValue value = new MlxValue(name, Types.require(dtype), shape);
        inputs.add(value);
        return new Operand(value, Optional.empty());
    }

    @Override
    public List<Operand> emit(
            String op, List<Operand> operands, List<DType> dtypes, List<List<Expression>> shapes, Argument... state) {
        List<MlxValue> made = new ArrayList<>();
        for (int i = 0; i < dtypes.size(); i++) {
            made.add(new MlxValue(fresh(), dtypes.get(i), shapes.get(i)));
        }
        for (Operand operand : operands) {
            Types.require(operand.dtype());
            if (operand.counted().isPresent()) {
                throw Refusal.of("computing with the size " + operand.counted().get() + " itself");
            }
        }
        List<MlxValue> taken = operands.stream().map(Operand::value).toList();
        String path = "nodes[" + nodes.size() + "]";
        nodes.add(new MlxNode("graph.json", path, op, taken, made, List.of(state), origin));
        made.forEach(value -> provenance.put(
                value.name(), new OfValue(value.name(), sources, origin, rule, VERSION, Relation.FUSED_INTERNAL)));
        return made.stream().map(value -> new Operand(value, Optional.empty())).toList();
    }

    /** A constant of the model or of a rule; equal small ones are one. */
    @Override
    public Operand constant(Tensor tensor) {
        Types.require(tensor.dtype());
        if (tensor.data().byteSize() > 1024) {
            return named(fresh(), tensor);
        }
        String key = tensor.dtype() + "" + tensor.shape() + Segments.sha256(tensor.data());
        return literals.computeIfAbsent(key, k -> named(fresh(), tensor));
    }

    /** A constant of a type that MLX lacks: rules may read it, but no primitive can take it. */
    Operand foreign(Tensor tensor) {
        return new Operand(new MlxValue(fresh(), tensor.dtype(), Shapes.of(tensor.shape())), Optional.of(tensor));
    }

    /** Sizes as a value, of which at least one depends on a symbol. */
    Operand counted(List<Expression> sizes, List<Expression> shape) {
        MlxValue value = new MlxValue(fresh(), DType.INT64, shape);
        return new Operand(value, Optional.empty(), Optional.of(List.copyOf(sizes)));
    }

    /** Names of the graph inputs that an operand is computed from. */
    Set<String> inputsOf(Operand operand) {
        Set<String> needed = new HashSet<>(Set.of(operand.value().name()));
        for (MlxNode node : nodes.reversed()) {
            if (node.outputs().stream().anyMatch(value -> needed.contains(value.name()))) {
                node.inputs().forEach(value -> needed.add(value.name()));
            }
        }
        needed.retainAll(inputs.stream().map(MlxValue::name).toList());
        return needed;
    }

    private Operand named(String name, Tensor tensor) {
        constants.put(name, tensor);
        return new Operand(new MlxValue(name, tensor.dtype(), Shapes.of(tensor.shape())), Optional.of(tensor));
    }

    /** Not yet a name of the file, which {@link Assembly} gives; no input can be called so. */
    private String fresh() {
        return "\0" + values++;
    }

    static ModelException mixed(String op, DType one, DType other) {
        return new ModelException(
                ErrorCode.MALFORMED, "model.onnx", "graph", op + " of " + one.text() + " and " + other.text());
    }
}
