package dev.fairlead.parity.metrics;

import dev.fairlead.model.tensor.BFloat16;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Two tensors of as many elements, compared element by element in row-major order.
 *
 * <p>Both have the same type, or both are floating and then judged at the lower precision. Complex numbers are
 * compared as twice as many reals.
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

    /**
     * What the pair is judged as: the lower precision of the two types, with float32 for those of 8 bits or fewer, in which nothing is
     * computed.
     */
    public DType precision() {
        DType a = computed(reference.dtype());
        DType b = computed(candidate.dtype());
        return mantissa(a) <= mantissa(b) ? a : b;
    }

    /** The lower precision of the two types as they are: the unit of least precision is counted in it. */
    public DType unit() {
        return mantissa(reference.dtype()) <= mantissa(candidate.dtype()) ? reference.dtype() : candidate.dtype();
    }

    private static DType computed(DType dtype) {
        return dtype.isMiniFloat() ? DType.FLOAT32 : dtype;
    }

    /** Whether float32 holds every value, so that errors are rounded to float32 before they enter a statistic. */
    boolean narrow() {
        return fitsFloat(reference.dtype()) && fitsFloat(candidate.dtype());
    }

    /** A number that grows by one from each value of the {@link #unit()} to the next; 0 for both zeros. */
    static long ordinal(Tensor tensor, long index, DType unit) {
        return switch (unit) {
            case BOOL, UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> tensor.longAt(index);
            case UINT64 -> tensor.longAt(index) ^ Long.MIN_VALUE;
            case FLOAT16 -> fold(Float.floatToFloat16((float) tensor.doubleAt(index)), 0x7FFF);
            case BFLOAT16 -> fold(BFloat16.fromFloat((float) tensor.doubleAt(index)), 0x7FFF);
            case FLOAT32 -> fold(Float.floatToRawIntBits((float) tensor.doubleAt(index)), 0x7FFF_FFFF);
            case FLOAT64 -> fold(Double.doubleToRawLongBits(tensor.doubleAt(index)), Long.MAX_VALUE);
            case UINT1, UINT2, UINT3, UINT4, UINT6, INT2, INT4 -> tensor.longAt(index);
            case FLOAT8_E4M3FN, FLOAT8_E4M3FNUZ, FLOAT8_E5M2, FLOAT8_E5M2FNUZ, FLOAT8_E8M0FNU ->
                MiniOrdinals.of(unit).ordinal(tensor.doubleAt(index));
            case FLOAT6_E2M3FN, FLOAT6_E3M2FN, FLOAT4_E2M1FN ->
                MiniOrdinals.of(unit).ordinal(tensor.doubleAt(index));
            case COMPLEX64, COMPLEX128 -> throw complex(unit);
        };
    }

    private static IllegalStateException complex(DType dtype) {
        return new IllegalStateException(dtype.text() + " is compared as its parts");
    }

    private static long fold(long bits, long magnitude) {
        return bits < 0 ? -(bits & magnitude) : bits;
    }

    private static boolean fitsFloat(DType dtype) {
        return dtype.isFloating() && dtype != DType.FLOAT64;
    }

    /** Stored bits of the mantissa; integers have the most. */
    private static int mantissa(DType dtype) {
        return switch (dtype) {
            case FLOAT8_E8M0FNU -> 0;
            case FLOAT4_E2M1FN -> 1;
            case FLOAT8_E5M2, FLOAT8_E5M2FNUZ, FLOAT6_E3M2FN -> 2;
            case FLOAT8_E4M3FN, FLOAT8_E4M3FNUZ, FLOAT6_E2M3FN -> 3;
            case BFLOAT16 -> 7;
            case FLOAT16 -> 10;
            case FLOAT32 -> 23;
            case FLOAT64 -> 52;
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> Long.SIZE;
            case UINT1, UINT2, UINT3, UINT4, UINT6, INT2, INT4 -> Long.SIZE;
            case COMPLEX64, COMPLEX128 -> throw complex(dtype);
        };
    }

    private static Tensor real(Tensor tensor) {
        if (tensor.dtype().kind() != DType.Kind.COMPLEX) {
            return tensor;
        }
        List<Long> shape = new ArrayList<>(tensor.shape());
        shape.add(2L);
        DType part = tensor.dtype() == DType.COMPLEX64 ? DType.FLOAT32 : DType.FLOAT64;
        return new Tensor(part, shape, tensor.data());
    }
}
