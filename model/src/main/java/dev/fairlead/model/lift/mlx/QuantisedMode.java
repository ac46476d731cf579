package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.tensor.DType;

/** How a weight is quantised: the first three arguments of every primitive that takes one. */
record QuantisedMode(int group, int bits, Kind kind) {
    /** The modes in MLX's order. */
    enum Kind {
        AFFINE,
        MXFP4,
        MXFP8,
        NVFP4
    }

    static QuantisedMode of(MlxNode node) {
        long kind = node.integer(2);
        if (kind < 0 || kind >= Kind.values().length) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED, node.file(), node.path() + ".arguments[2]", "no known quantisation");
        }
        QuantisedMode mode = new QuantisedMode(
                Math.toIntExact(node.integer(0)), Math.toIntExact(node.integer(1)), Kind.values()[(int) kind]);
        boolean fits = mode.group > 0 && mode.bits >= 2 && mode.bits <= 8 && mode.bits != 7;
        if (!fits || (mode.kind != Kind.AFFINE && mode.bits != mode.element().bits())) {
            throw new ModelException(
                    ErrorCode.MALFORMED,
                    node.file(),
                    node.path() + ".arguments",
                    mode.bits + " bits in groups of " + mode.group);
        }
        return mode;
    }

    /** The type of a packed number of a mode that packs floats. */
    DType element() {
        return switch (kind) {
            case MXFP4, NVFP4 -> DType.FLOAT4_E2M1FN;
            case MXFP8 -> DType.FLOAT8_E4M3FN;
            case AFFINE -> throw new IllegalStateException("affine packs integers");
        };
    }

    /** The type of a scale of a mode that packs floats. */
    DType scale() {
        return switch (kind) {
            case MXFP4, MXFP8 -> DType.FLOAT8_E8M0FNU;
            case NVFP4 -> DType.FLOAT8_E4M3FN;
            case AFFINE -> throw new IllegalStateException("affine scales are of the weight's type");
        };
    }
}
