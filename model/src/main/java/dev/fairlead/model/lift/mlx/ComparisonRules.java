package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.tensor.DType;
import java.util.Map;

/** Comparisons and choice. */
final class ComparisonRules {
    private static final Map<String, String> COMPARE = Map.of(
            "Greater", "Greater",
            "GreaterEqual", "GreaterOrEqual",
            "Less", "Less",
            "LessEqual", "LessOrEqual");

    private ComparisonRules() {}

    static void register(Rules rules) {
        COMPARE.forEach((op, onnx) -> rules.add(op, 0, 1, (node, out) -> {
            DType dtype = node.input(0).dtype();
            DType wide = dtype == DType.BOOL ? DType.INT32 : dtype;
            out.result(node.output(), onnx, Widths.operands(node, wide, out));
        }));
        rules.add("Equal", 1, 1, ComparisonRules::equal);
        rules.add(
                "NotEqual",
                0,
                1,
                (node, out) -> out.result(node.output(), "Not", out.inner("Equal", Broadcasts.operands(node, out))));
        rules.add("Select", 0, 1, ComparisonRules::select);
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

    /** The type in which ONNX Runtime chooses: it has no kernel for some integers. */
    static DType choosing(DType dtype) {
        return switch (dtype) {
            case BOOL, INT8, INT16, UINT16, UINT32, UINT64 -> Widths.ofWrapping(dtype);
            default -> dtype;
        };
    }

    private static void select(MlxNode node, Emitter out) {
        DType dtype = node.output().dtype();
        String[] operands = Broadcasts.operands(node, out);
        DType wide = choosing(dtype);
        String then = out.cast(operands[1], dtype, wide);
        String otherwise = out.cast(operands[2], dtype, wide);
        out.narrowed(node.output(), wide, "Where", Attributes.NONE, operands[0], then, otherwise);
    }
}
