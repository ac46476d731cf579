package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Node;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which operators may be computed when a model is converted, because every runtime agrees on every bit. */
final class Foldable {
    /** Exact where all inputs are integers or booleans, their outputs included. */
    private static final Set<String> INTEGERS = Set.of(
            "Abs",
            "Add",
            "And",
            "ArgMax",
            "ArgMin",
            "BitShift",
            "BitwiseAnd",
            "BitwiseNot",
            "BitwiseOr",
            "BitwiseXor",
            "Cast",
            "ConstantOfShape",
            "CumSum",
            "Div",
            "Equal",
            "Greater",
            "GreaterOrEqual",
            "Less",
            "LessOrEqual",
            "Max",
            "Min",
            "Mod",
            "Mul",
            "Neg",
            "NonZero",
            "Not",
            "Or",
            "Range",
            "ReduceMax",
            "ReduceMin",
            "ReduceProd",
            "ReduceSum",
            "Shape",
            "Sign",
            "Size",
            "Sub",
            "Sum",
            "Xor");

    /** Copies of what the first input holds. */
    private static final Set<String> MOVES = Set.of(
            "Compress",
            "DepthToSpace",
            "Expand",
            "Flatten",
            "Gather",
            "GatherElements",
            "GatherND",
            "Identity",
            "Reshape",
            "Slice",
            "SpaceToDepth",
            "Split",
            "Squeeze",
            "Tile",
            "Transpose",
            "Unsqueeze");

    private Foldable() {}

    static boolean isExactOnIntegers(Node node) {
        return INTEGERS.contains(node.op()) || moves(node);
    }

    static boolean moves(Node node) {
        return MOVES.contains(node.op())
                || node.op().equals("Concat")
                || node.op().equals("Where");
    }

    /** The inputs whose elements a mover copies. */
    static List<Integer> data(Node node) {
        return switch (node.op()) {
            case "Concat" -> IntStream.range(0, node.inputs().size()).boxed().toList();
            case "Where" -> List.of(1, 2);
            default -> List.of(0);
        };
    }

    /** What division by zero gives differs from runtime to runtime. */
    static boolean dividesByZero(Node node, Map<String, Tensor> constants) {
        if (!node.op().equals("Div") && !node.op().equals("Mod")) {
            return false;
        }
        @Nullable Tensor divisor = constants.get(node.inputs().getLast());
        return divisor == null || holdsZero(divisor);
    }

    private static boolean holdsZero(Tensor tensor) {
        for (long i = 0; i < tensor.elements(); i++) {
            if (tensor.longAt(i) == 0) {
                return true;
            }
        }
        return false;
    }
}
