package dev.fairlead.parity.locate;

import dev.fairlead.model.tensor.DType;

/**
 * In what precision a machine says it computes.
 *
 * @param operands unit roundoff to which products round their operands; 0 where they take them as they are stored
 * @param accumulation unit roundoff of sums
 * @param inner how values between operations are kept
 */
public record Contract(double operands, double accumulation, Inner inner) {
    /** Float32 and all that is narrower, accumulated in float32 and stored as declared. */
    public static final Contract FLOAT32 = new Contract(0, 0x1p-24, Inner.STORED);

    /** Float32 products with operands of 11 bits. */
    public static final Contract TF32 = new Contract(0x1p-11, 0x1p-24, Inner.STORED);

    /**
     * What is narrower than float32 is computed in it, from one operation to the next: ONNX Runtime's CPU provider has few kernels for
     * float16 and leaves out casts between those that it has not.
     */
    public static final Contract WIDENED = new Contract(0, 0x1p-24, Inner.WIDER);

    /** How values between operations are kept. */
    public enum Inner {
        /** In the declared type. */
        STORED,
        /** Perhaps in a wider one; a tap then shows them rounded. */
        WIDER
    }

    public Contract {
        if (!(operands >= 0 && operands < 1 && accumulation >= 0 && accumulation < 1)) {
            throw new IllegalArgumentException(
                    "units: " + operands + " and " + accumulation + " are not within [0, 1)");
        }
    }

    /** Half the distance from 1 to the next larger number of a type; 0 for integers. */
    static double unit(DType dtype) {
        return switch (dtype) {
            case FLOAT64, COMPLEX128 -> 0x1p-53;
            case FLOAT32, COMPLEX64 -> 0x1p-24;
            case FLOAT16 -> 0x1p-11;
            case BFLOAT16 -> 0x1p-8;
            case FLOAT8_E4M3FN, FLOAT8_E4M3FNUZ, FLOAT6_E2M3FN -> 0x1p-4;
            case FLOAT8_E5M2, FLOAT8_E5M2FNUZ, FLOAT6_E3M2FN -> 0x1p-3;
            case FLOAT4_E2M1FN -> 0x1p-2;
            case FLOAT8_E8M0FNU -> 0x1p-1;
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> 0;
            case UINT1, UINT2, UINT3, UINT4, UINT6, INT2, INT4 -> 0;
        };
    }
}
