package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.tensor.DType;

/**
 * The rule for ONNX types that MIL does not compute with: integers are carried as int32. Eight and sixteen bits are wrapped to
 * their width after each operation that can leave it, so they are exact; 64 bits are taken to fit 32, which is checked for
 * constants and stated in the model's metadata for the rest. Types without a carrier are refused.
 */
final class Carried {
    private Carried() {}

    static MilDataType element(DType declared) {
        return switch (declared) {
            case BOOL -> MilDataType.BOOL;
            case INT8, INT16, INT32, INT64, UINT8, UINT16 -> MilDataType.INT32;
            case INT2, INT4, UINT1, UINT2, UINT3, UINT4, UINT6 -> MilDataType.INT32;
            case FLOAT16 -> MilDataType.FLOAT16;
            case FLOAT32 -> MilDataType.FLOAT32;
            case UINT32, UINT64 -> throw refused(declared, "its upper half does not fit int32");
            case FLOAT64 -> throw refused(declared, "MIL computes in float32 at most");
            case BFLOAT16, COMPLEX64, COMPLEX128 -> throw refused(declared, "MIL has no such tensors");
            case FLOAT8_E4M3FN, FLOAT8_E4M3FNUZ, FLOAT8_E5M2, FLOAT8_E5M2FNUZ, FLOAT8_E8M0FNU ->
                throw refused(declared, "MIL has no such tensors");
            case FLOAT6_E2M3FN, FLOAT6_E3M2FN, FLOAT4_E2M1FN -> throw refused(declared, "MIL has no such tensors");
        };
    }

    private static RuntimeException refused(DType declared, String why) {
        return Refusals.unsupported(declared.text() + ": " + why);
    }

    /** Whether an operation's result has to be wrapped to the declared width. */
    static boolean isNarrow(DType declared) {
        return declared.isInteger() && declared.bits() < 32;
    }

    /** The value modulo the declared width, as two's complement or unsigned; MIL's mod has the divisor's sign. */
    static Var wrap(Var value, DType declared, Mil mil) {
        if (!isNarrow(declared) || !value.isInteger()) {
            return value;
        }
        Var span = mil.integer(1L << declared.bits());
        if (declared.kind() == DType.Kind.UNSIGNED) {
            return mil.binary("mod", value, span);
        }
        Var half = mil.integer(1L << (declared.bits() - 1));
        return mil.sub(mil.binary("mod", mil.add(value, half), span), half);
    }
}
