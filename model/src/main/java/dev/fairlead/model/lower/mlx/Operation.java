package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.AttributeReader;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.onnx.OnnxTypes;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.LongStream;

/** An ONNX node with its operands. The accessors fail naming what is wrong, so rules need not check each piece. */
final class Operation extends AttributeReader {
    private final long opset;
    private final List<Optional<Bound>> inputs;
    private final BiFunction<Graph, List<Operand>, List<Bound>> subgraphs;

    /** @param subgraphs lowers an inner graph, which sees the names around the node */
    Operation(
            Node node,
            long opset,
            List<Optional<Bound>> inputs,
            BiFunction<Graph, List<Operand>, List<Bound>> subgraphs) {
        super(node);
        this.opset = opset;
        this.inputs = List.copyOf(inputs);
        this.subgraphs = subgraphs;
    }

    /** Domain and operator; ONNX' own domain is left out. */
    static String name(Node node) {
        boolean own = node.domain().isEmpty() || node.domain().equals("ai.onnx");
        return own ? node.op() : node.domain() + "." + node.op();
    }

    String op() {
        return node().op();
    }

    /** Version of the node's domain. */
    long opset() {
        return opset;
    }

    int inputs() {
        return inputs.size();
    }

    boolean has(int index) {
        return index < inputs.size() && inputs.get(index).isPresent();
    }

    Operand input(int index) {
        if (!has(index)) {
            throw malformed("input " + index + " is missing");
        }
        return tensor(inputs.get(index).orElseThrow());
    }

    private static Operand tensor(Bound bound) {
        return switch (bound) {
            case Operand operand -> operand;
            case Bound.Sequence _ -> throw Refusal.of("a sequence where only tensors can be lowered");
        };
    }

    boolean isSequence(int index) {
        return has(index) && inputs.get(index).orElseThrow() instanceof Bound.Sequence;
    }

    Bound.Sequence sequence(int index) {
        if (has(index) && inputs.get(index).orElseThrow() instanceof Bound.Sequence sequence) {
            return sequence;
        }
        throw malformed("input " + index + " is no sequence");
    }

    Optional<Operand> optional(int index) {
        return has(index) ? Optional.of(input(index)) : Optional.empty();
    }

    /** All inputs of a variadic operator. */
    List<Operand> operands() {
        return inputs.stream().flatMap(Optional::stream).map(Operation::tensor).toList();
    }

    /** Number of outputs up to the last that is named. */
    int outputs() {
        return node().outputs().size();
    }

    boolean wants(int output) {
        return output < node().outputs().size() && !node().outputs().get(output).isEmpty();
    }

    /** Lowers an inner graph whose results are tensors. */
    List<Operand> run(Graph graph, List<Operand> arguments) {
        return runs(graph, arguments).stream().map(Operation::tensor).toList();
    }

    List<Bound> runs(Graph graph, List<Operand> arguments) {
        return subgraphs.apply(graph, arguments);
    }

    /** What an input holds; refuses one that isn't known now. */
    Tensor constant(int index, String meaning) {
        Operand operand = input(index);
        return operand.known()
                .orElseThrow(() -> Refusal.undecided(meaning + " is not known when the graph is made", operand));
    }

    List<Long> integers(int index, String meaning) {
        Tensor tensor = constant(index, meaning);
        return LongStream.range(0, tensor.elements()).mapToObj(tensor::longAt).toList();
    }

    /** Sizes that an input holds, which may depend on symbols. */
    List<Expression> sizes(int index, String meaning) {
        Operand operand = input(index);
        return operand.elements()
                .orElseThrow(() -> Refusal.undecided(meaning + " is not known when the graph is made", operand));
    }

    List<Double> reals(int index, String meaning) {
        Tensor tensor = constant(index, meaning);
        return LongStream.range(0, tensor.elements()).mapToObj(tensor::doubleAt).toList();
    }

    /** A list that was an attribute once and is an input now. */
    Optional<List<Long>> integers(int index, String name, String meaning) {
        return has(index) ? Optional.of(integers(index, meaning)) : integers(name);
    }

    boolean flag(String name, boolean otherwise) {
        return integer(name, otherwise ? 1 : 0) != 0;
    }

    boolean hasAttribute(String name) {
        return node().attributes().containsKey(name);
    }

    /** An element type by its ONNX number, or in old versions its name, in an attribute; refuses those that MLX lacks. */
    DType type(String name, DType otherwise) {
        if (!hasAttribute(name)) {
            return otherwise;
        }
        if (attribute(name) instanceof Attribute.Text(String text)) {
            String plain = switch (text.toLowerCase(Locale.ROOT)) {
                case "float" -> "float32";
                case "double" -> "float64";
                default -> text.toLowerCase(Locale.ROOT);
            };
            return Types.require(
                    DType.parse(plain).orElseThrow(() -> Refusal.of("MLX has no type " + ModelException.shown(text))));
        }
        int code = Math.toIntExact(integer(name));
        DType dtype = OnnxTypes.parse(code).orElseThrow(() -> Refusal.of("MLX has no type of ONNX' number " + code));
        return Types.require(dtype);
    }

    /** An axis counted from the front. */
    int axis(long axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw malformed("axis " + axis + " is outside rank " + rank);
        }
        return Math.toIntExact(axis < 0 ? axis + rank : axis);
    }

    int axis(String name, long otherwise, int rank) {
        return axis(integer(name, otherwise), rank);
    }

    /** Axes counted from the front, ascending and without repeats. */
    List<Integer> axes(List<Long> axes, int rank) {
        List<Integer> counted = new ArrayList<>();
        axes.forEach(axis -> counted.add(axis(axis, rank)));
        return counted.stream().sorted().distinct().toList();
    }

    @Override
    public ModelException malformed(String problem) {
        return new ModelException(ErrorCode.MALFORMED, "model.onnx", place(node()), problem);
    }

    static String place(Node node) {
        String name = node.name().isEmpty() && !node.outputs().isEmpty()
                ? node.outputs().getFirst()
                : node.name();
        return name(node) + " " + ModelException.shown(name);
    }
}
