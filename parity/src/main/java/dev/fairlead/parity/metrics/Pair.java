package dev.fairlead.parity.metrics;

import dev.fairlead.model.tensor.BFloat16;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;

/**
 * Two tensors of as many elements, compared element by element in row-major order.
 *
 * <p>Both have the same type, or both are floating and then judged at the lower precision. Complex numbers are
 * compared as twice as many reals, floating types of 8 bits or fewer as float32.
 */
public record Pair(Tensor reference, Tensor candidate) {
    public Pair {
        reference = real(reference);
        candidate = real(candidate);
        if (reference.elements() != candidate.elements()) {
            throw new IllegalArgumentException(
                    "candidate: " + candidate.shape() + " against a reference of " + reference.shape());
        }
        boolean comparable = reference.dtype() == candidate.dtype()
                || (reference.dtype().isFloating() && candidate.dtype().isFloating());
        if (!comparable) {
            throw new IllegalArgumentException("candidate: " + candidate.dtype().text() + " against a reference of "
                    + reference.dtype().text());
        }
    }

    public long elements() {
        return reference.elements();
    }

    /** The lower precision of the two types; the unit of least precision is counted in it. */
    public DType precision() {
        return rank(reference.dtype()) <= rank(candidate.dtype()) ? reference.dtype() : candidate.dtype();
    }

    /** Whether float32 holds every value, so that errors are rounded to float32 before they enter a statistic. */
    boolean narrow() {
        return fitsFloat(reference.dtype()) && fitsFloat(candidate.dtype());
    }

    /** A number that grows by one from each value of the {@link #precision()} to the next; 0 for both zeros. */
    static long ordinal(Tensor tensor, long index, DType precision) {
        return switch (precision) {
            case BOOL, UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> tensor.longAt(index);
            case UINT64 -> tensor.longAt(index) ^ Long.MIN_VALUE;
            case FLOAT16 -> fold(Float.floatToFloat16((float) tensor.doubleAt(index)), 0x7FFF);
            case BFLOAT16 -> fold(BFloat16.fromFloat((float) tensor.doubleAt(index)), 0x7FFF);
            case FLOAT32 -> fold(Float.floatToRawIntBits((float) tensor.doubleAt(index)), 0x7FFF_FFFF);
            case FLOAT64 -> fold(Double.doubleToRawLongBits(tensor.doubleAt(index)), Long.MAX_VALUE);
            case UINT1, UINT2, UINT3, UINT4, UINT6, INT2, INT4 -> tensor.longAt(index);
            case FLOAT8_E4M3FN, FLOAT8_E4M3FNUZ, FLOAT8_E5M2, FLOAT8_E5M2FNUZ, FLOAT8_E8M0FNU ->
                throw widened(precision);
            case FLOAT6_E2M3FN, FLOAT6_E3M2FN, FLOAT4_E2M1FN, COMPLEX64, COMPLEX128 -> throw widened(precision);
        };
    }

    private static IllegalStateException widened(DType dtype) {
        return new IllegalStateException(dtype.text() + " is compared as a wider type");
    }

    private static long fold(long bits, long magnitude) {
        return bits < 0 ? -(bits & magnitude) : bits;
    }

    private static boolean fitsFloat(DType dtype) {
        return dtype == DType.FLOAT32 || dtype == DType.FLOAT16 || dtype == DType.BFLOAT16;
    }

    private static int rank(DType dtype) {
        return switch (dtype) {
            case BFLOAT16 -> 0;
            case FLOAT16 -> 1;
            case FLOAT32 -> 2;
            case FLOAT64 -> 3;
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> 4;
            case UINT1, UINT2, UINT3, UINT4, UINT6, INT2, INT4 -> 4;
            case FLOAT8_E4M3FN, FLOAT8_E4M3FNUZ, FLOAT8_E5M2, FLOAT8_E5M2FNUZ, FLOAT8_E8M0FNU -> throw widened(dtype);
            case FLOAT6_E2M3FN, FLOAT6_E3M2FN, FLOAT4_E2M1FN, COMPLEX64, COMPLEX128 -> throw widened(dtype);
        };
    }

    private static Tensor real(Tensor tensor) {
        if (tensor.dtype().isMiniFloat()) {
            Tensor wide = Tensor.allocate(DType.FLOAT32, tensor.shape());
            for (long i = 0; i < tensor.elements(); i++) {
                wide.set(i, tensor.doubleAt(i));
            }
            return wide;
        }
        if (tensor.dtype().kind() != DType.Kind.COMPLEX) {
            return tensor;
        }
        var shape = new java.util.ArrayList<>(tensor.shape());
        shape.add(2L);
        DType part = tensor.dtype() == DType.COMPLEX64 ? DType.FLOAT32 : DType.FLOAT64;
        return new Tensor(part, shape, tensor.data());
    }
}
