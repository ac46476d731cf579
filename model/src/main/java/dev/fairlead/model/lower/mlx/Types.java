package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.tensor.DType;

/** Which element types MLX has, and what it makes of them. */
final class Types {
    private Types() {}

    static boolean known(DType dtype) {
        return switch (dtype) {
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> true;
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64, COMPLEX64 -> true;
            case COMPLEX128, UINT1, UINT2, UINT3, UINT4, UINT6, INT2, INT4 -> false;
            case FLOAT8_E4M3FN, FLOAT8_E4M3FNUZ, FLOAT8_E5M2, FLOAT8_E5M2FNUZ, FLOAT8_E8M0FNU -> false;
            case FLOAT6_E2M3FN, FLOAT6_E3M2FN, FLOAT4_E2M1FN -> false;
        };
    }

    static DType require(DType dtype) {
        if (!known(dtype)) {
            throw Refusal.of("MLX has no type " + dtype.text());
        }
        return dtype;
    }

    /** The type in which MLX sums and multiplies up: narrow integers and booleans widen to 32 bits. */
    static DType accumulated(DType dtype) {
        return switch (dtype) {
            case BOOL, INT8, INT16 -> DType.INT32;
            case UINT8, UINT16 -> DType.UINT32;
            case UINT32, UINT64, INT32, INT64, FLOAT16, BFLOAT16, FLOAT32, FLOAT64, COMPLEX64 -> dtype;
            case COMPLEX128, UINT1, UINT2, UINT3, UINT4, UINT6, INT2, INT4 -> require(dtype);
            case FLOAT8_E4M3FN, FLOAT8_E4M3FNUZ, FLOAT8_E5M2, FLOAT8_E5M2FNUZ, FLOAT8_E8M0FNU -> require(dtype);
            case FLOAT6_E2M3FN, FLOAT6_E3M2FN, FLOAT4_E2M1FN -> require(dtype);
        };
    }
}
