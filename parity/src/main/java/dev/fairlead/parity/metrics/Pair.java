package dev.fairlead.parity.metrics;

import dev.fairlead.model.tensor.BFloat16;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;

/**
 * Two tensors of as many elements, compared element by element in row-major order.
 *
 * <p>Both have the same type, or both are floating and then judged at the lower precision. Complex numbers are
 * compared as twice as many float32.
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
            case COMPLEX64 -> throw new IllegalStateException("complex64 is compared as float32");
        };
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
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, COMPLEX64 -> 4;
        };
    }

    private static Tensor real(Tensor tensor) {
        if (tensor.dtype() != DType.COMPLEX64) {
            return tensor;
        }
        var shape = new java.util.ArrayList<>(tensor.shape());
        shape.add(2L);
        return new Tensor(DType.FLOAT32, shape, tensor.data());
    }
}
