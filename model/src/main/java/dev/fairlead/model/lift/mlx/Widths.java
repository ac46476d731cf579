package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.tensor.DType;

/**
 * Wider types for integers, where ONNX or ONNX Runtime has an operator for some widths only. Sums, differences and products of
 * integers wrap, and a cast to fewer bits keeps the low ones, so the detour changes nothing.
 */
final class Widths {
    private Widths() {}

    /** For operators that order numbers; uint64 has no wider type and stays. */
    static DType ofComparing(DType dtype) {
        return switch (dtype) {
            case BOOL, INT8, UINT8, INT16, UINT16 -> DType.INT32;
            case UINT32 -> DType.INT64;
            default -> dtype;
        };
    }

    /** For operators whose low bits depend on their operands' low bits only. */
    static DType ofWrapping(DType dtype) {
        return dtype == DType.UINT64 ? DType.INT64 : ofComparing(dtype);
    }

    /** A signed type that wraps as this one does. */
    static DType signed(DType dtype) {
        return dtype.kind() == DType.Kind.UNSIGNED ? ofWrapping(dtype) : dtype;
    }

    /** Halves have no kernel in places; what is computed of them in float32 is rounded once. */
    static DType ofHalves(DType dtype) {
        return dtype == DType.FLOAT16 || dtype == DType.BFLOAT16 ? DType.FLOAT32 : dtype;
    }

    /** The ONNX names of a node's operands in a type, without MLX's explicit broadcasts. */
    static String[] operands(MlxNode node, DType wide, Emitter out) {
        String[] names = Broadcasts.operands(node, out);
        for (int i = 0; i < names.length; i++) {
            names[i] = out.cast(names[i], node.input(i).dtype(), wide);
        }
        return names;
    }
}
