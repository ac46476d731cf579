package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.tensor.DType;
import java.util.Map;

/** Comparisons, choice and bits. */
final class ComparisonRules {
    private static final Map<String, String> COMPARE = Map.of(
            "Greater", "Greater",
            "GreaterEqual", "GreaterOrEqual",
            "Less", "Less",
            "LessEqual", "LessOrEqual");

    private ComparisonRules() {}

    static void register(Rules rules) {
        COMPARE.forEach((op, onnx) ->
                rules.add(op, 0, 1, (node, out) -> out.result(node.output(), onnx, Broadcasts.operands(node, out))));
        rules.add("Equal", 1, 1, ComparisonRules::equal);
        rules.add(
                "NotEqual",
                0,
                1,
                (node, out) -> out.result(node.output(), "Not", out.inner("Equal", Broadcasts.operands(node, out))));
        rules.add("Select", 0, 1, (node, out) -> out.result(node.output(), "Where", Broadcasts.operands(node, out)));
        rules.add("BitwiseBinary", 1, 1, ComparisonRules::bitwise);
    }

    private static void equal(MlxNode node, Emitter out) {
        String[] operands = Broadcasts.operands(node, out);
        if (!node.flag(0) || !node.input(0).dtype().isFloating()) {
            out.result(node.output(), "Equal", operands);
            return;
        }
        String bothNan = out.inner("And", out.inner("IsNaN", operands[0]), out.inner("IsNaN", operands[1]));
        out.result(node.output(), "Or", out.inner("Equal", operands), bothNan);
    }

    private static void bitwise(MlxNode node, Emitter out) {
        boolean bool = node.output().dtype() == DType.BOOL;
        boolean unsigned = node.output().dtype().kind() == DType.Kind.UNSIGNED;
        int kind = (int) node.integer(0);
        String[] operands = Broadcasts.operands(node, out);
        switch (kind) {
            case 0 -> out.result(node.output(), bool ? "And" : "BitwiseAnd", operands);
            case 1 -> out.result(node.output(), bool ? "Or" : "BitwiseOr", operands);
            case 2 -> out.result(node.output(), bool ? "Xor" : "BitwiseXor", operands);
            default -> {
                if (!unsigned || kind > 4) {
                    throw new ModelException(
                            ErrorCode.UNSUPPORTED,
                            node.file(),
                            node.path(),
                            "ONNX shifts the bits of unsigned integers only");
                }
                Attribute direction = new Attribute.Text(kind == 3 ? "LEFT" : "RIGHT");
                out.result(node.output(), "BitShift", Map.of("direction", direction), operands);
            }
        }
    }
}
