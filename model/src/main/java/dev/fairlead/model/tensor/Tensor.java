package dev.fairlead.model.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A dense tensor: row-major, little-endian, elements at any alignment.
 *
 * <p>The segment is not copied and not owned: it lives as long as whatever mapped or allocated it, and reading
 * it after that throws {@link IllegalStateException}. Two tensors are equal only if they are views of the same memory.
 *
 * @param shape sizes, outermost first; empty for a scalar
 * @param data exactly {@code dtype.bytes(product(shape))} bytes
 */
public record Tensor(DType dtype, List<Long> shape, MemorySegment data) {
    public static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public Tensor {
        shape = List.copyOf(shape);
        long expected = byteSize(dtype, shape);
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException(
                    "data: " + data.byteSize() + " bytes, but " + dtype.text() + shape + " takes " + expected);
        }
    }

    /**
     * Bytes that a tensor takes.
     *
     * @throws ArithmeticException when the product does not fit a long
     * @throws IllegalArgumentException when a size is negative
     */
    public static long byteSize(DType dtype, List<Long> shape) {
        return dtype.bytes(elements(shape));
    }

    /**
     * Number of elements; 1 for a scalar. A zero anywhere gives 0, but the other sizes must still multiply within a
     * long, so that no later product over a part of the shape can overflow.
     */
    public static long elements(List<Long> shape) {
        long count = 1;
        boolean empty = false;
        for (long size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("shape: negative size " + size);
            }
            empty |= size == 0;
            count = Math.multiplyExact(count, Math.max(size, 1));
        }
        return empty ? 0 : count;
    }

    /** A new zeroed tensor in memory that the garbage collector owns. */
    public static Tensor allocate(DType dtype, List<Long> shape) {
        return allocate(dtype, shape, Arena.ofAuto());
    }

    /** A new zeroed tensor, 64-byte aligned, that lives as long as the arena. */
    public static Tensor allocate(DType dtype, List<Long> shape, Arena arena) {
        return new Tensor(dtype, shape, arena.allocate(byteSize(dtype, shape), 64));
    }

    /**
     * A new zeroed tensor for a weight in another form: a large one lies in a nameless file, so that memory does not grow with a model's
     * weights. The garbage collector owns it.
     */
    public static Tensor spilled(DType dtype, List<Long> shape) {
        return new Tensor(dtype, shape, Segments.spilled(byteSize(dtype, shape), Arena.ofAuto()));
    }

    public static Tensor ofFloats(List<Long> shape, float... values) {
        Tensor tensor = allocate(DType.FLOAT32, shape);
        MemorySegment.copy(values, 0, tensor.data, FLOAT, 0, values.length);
        return tensor;
    }

    public static Tensor ofLongs(List<Long> shape, long... values) {
        Tensor tensor = allocate(DType.INT64, shape);
        MemorySegment.copy(values, 0, tensor.data, LONG, 0, values.length);
        return tensor;
    }

    /**
     * A scalar nearest to a value; beyond the range of a type without infinity, its largest value.
     *
     * @throws UnsupportedOperationException for complex types
     */
    public static Tensor scalar(DType dtype, double value) {
        Tensor tensor = allocate(dtype, List.of());
        tensor.set(0, value);
        return tensor;
    }

    public long elements() {
        return elements(shape);
    }

    /** The same bytes under another shape of as many elements. */
    public Tensor reshaped(List<Long> other) {
        return new Tensor(dtype, other, data);
    }

    /**
     * One element, by its row-major index, as a double. 64-bit integers beyond 2^53 are rounded.
     *
     * @throws UnsupportedOperationException for complex types
     */
    public double doubleAt(long index) {
        return switch (dtype) {
            case BOOL, UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> longAt(index);
            case UINT1, UINT2, UINT3, UINT4, UINT6, INT2, INT4 -> longAt(index);
            case UINT64 -> unsigned(longAt(index));
            case FLOAT16 -> Float.float16ToFloat(data.get(SHORT, index * 2));
            case BFLOAT16 -> BFloat16.toFloat(data.get(SHORT, index * 2));
            case FLOAT32 -> data.get(FLOAT, index * 4);
            case FLOAT64 -> data.get(DOUBLE, index * 8);
            case FLOAT8_E4M3FN, FLOAT8_E4M3FNUZ, FLOAT8_E5M2, FLOAT8_E5M2FNUZ, FLOAT8_E8M0FNU ->
                MiniFloat.of(dtype).toDouble(data.get(ValueLayout.JAVA_BYTE, index) & 0xFF);
            case FLOAT6_E2M3FN, FLOAT6_E3M2FN, FLOAT4_E2M1FN ->
                MiniFloat.of(dtype).toDouble(Packed.get(data, dtype.bits(), index));
            case COMPLEX64, COMPLEX128 -> throw new UnsupportedOperationException(dtype.text() + " has no real value");
        };
    }

    /**
     * One integer or boolean element by its row-major index; uint64 as its 64 bits.
     *
     * @throws UnsupportedOperationException for other types
     */
    public long longAt(long index) {
        return switch (dtype) {
            case BOOL -> data.get(ValueLayout.JAVA_BYTE, index) == 0 ? 0 : 1;
            case UINT8 -> Byte.toUnsignedLong(data.get(ValueLayout.JAVA_BYTE, index));
            case INT8 -> data.get(ValueLayout.JAVA_BYTE, index);
            case UINT16 -> Short.toUnsignedLong(data.get(SHORT, index * 2));
            case INT16 -> data.get(SHORT, index * 2);
            case UINT32 -> Integer.toUnsignedLong(data.get(INT, index * 4));
            case INT32 -> data.get(INT, index * 4);
            case INT64, UINT64 -> data.get(LONG, index * 8);
            case UINT1, UINT2, UINT3, UINT4, UINT6 -> Packed.get(data, dtype.bits(), index);
            case INT2, INT4 -> Packed.signed(Packed.get(data, dtype.bits(), index), dtype.bits());
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64, COMPLEX64, COMPLEX128 -> throw noInteger();
            case FLOAT8_E4M3FN, FLOAT8_E4M3FNUZ, FLOAT8_E5M2, FLOAT8_E5M2FNUZ, FLOAT8_E8M0FNU -> throw noInteger();
            case FLOAT6_E2M3FN, FLOAT6_E3M2FN, FLOAT4_E2M1FN -> throw noInteger();
        };
    }

    /**
     * Stores the nearest value of the type, ties to even; integers are cut to their low bits, and a type without infinity takes
     * its largest value for what is beyond it.
     *
     * @throws UnsupportedOperationException for complex types
     */
    public void set(long index, double value) {
        switch (dtype) {
            case BOOL -> data.set(ValueLayout.JAVA_BYTE, index, (byte) (value == 0 ? 0 : 1));
            case FLOAT16 -> data.set(SHORT, index * 2, Float.floatToFloat16(sticky(value)));
            case BFLOAT16 -> data.set(SHORT, index * 2, BFloat16.fromFloat(sticky(value)));
            case FLOAT32 -> data.set(FLOAT, index * 4, (float) value);
            case FLOAT64 -> data.set(DOUBLE, index * 8, value);
            case FLOAT8_E4M3FN, FLOAT8_E4M3FNUZ, FLOAT8_E5M2, FLOAT8_E5M2FNUZ, FLOAT8_E8M0FNU ->
                data.set(
                        ValueLayout.JAVA_BYTE, index, (byte) MiniFloat.of(dtype).nearest(value));
            case FLOAT6_E2M3FN, FLOAT6_E3M2FN, FLOAT4_E2M1FN ->
                Packed.set(data, dtype.bits(), index, MiniFloat.of(dtype).nearest(value));
            case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> set(index, (long) value);
            case UINT1, UINT2, UINT3, UINT4, UINT6, INT2, INT4 -> set(index, (long) value);
            case COMPLEX64, COMPLEX128 -> throw new UnsupportedOperationException(dtype.text() + " has no real value");
        }
    }

    /**
     * Stores an integer or boolean; an integer is cut to its low bits.
     *
     * @throws UnsupportedOperationException for other types
     */
    public void set(long index, long value) {
        switch (dtype) {
            case BOOL -> data.set(ValueLayout.JAVA_BYTE, index, (byte) (value == 0 ? 0 : 1));
            case UINT8, INT8 -> data.set(ValueLayout.JAVA_BYTE, index, (byte) value);
            case UINT16, INT16 -> data.set(SHORT, index * 2, (short) value);
            case UINT32, INT32 -> data.set(INT, index * 4, (int) value);
            case UINT64, INT64 -> data.set(LONG, index * 8, value);
            case UINT1, UINT2, UINT3, UINT4, UINT6, INT2, INT4 -> Packed.set(data, dtype.bits(), index, (int) value);
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64, COMPLEX64, COMPLEX128 -> throw noInteger();
            case FLOAT8_E4M3FN, FLOAT8_E4M3FNUZ, FLOAT8_E5M2, FLOAT8_E5M2FNUZ, FLOAT8_E8M0FNU -> throw noInteger();
            case FLOAT6_E2M3FN, FLOAT6_E3M2FN, FLOAT4_E2M1FN -> throw noInteger();
        }
    }

    private UnsupportedOperationException noInteger() {
        return new UnsupportedOperationException(dtype.text() + " is no integer type");
    }

    /**
     * A float32 from which a 16-bit number is rounded as if from the double itself: cut towards zero, with the last bit set where
     * that lost something, so that no tie appears which is none.
     */
    private static float sticky(double value) {
        float nearest = (float) value;
        if (nearest == value || Double.isNaN(value)) {
            return nearest;
        }
        boolean outward = Math.abs((double) nearest) > Math.abs(value);
        int bits = Float.floatToRawIntBits(nearest) - (outward ? 1 : 0);
        return Float.intBitsToFloat(bits | 1);
    }

    private static double unsigned(long bits) {
        // Halving keeps the lowest bit sticky, so the result is rounded once.
        return bits >= 0 ? bits : (double) ((bits >>> 1) | (bits & 1)) * 2;
    }
}
