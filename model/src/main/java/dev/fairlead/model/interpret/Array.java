package dev.fairlead.model.interpret;

import dev.fairlead.model.graph.TextArray;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A dense row-major array in Java memory. The dtype is the declared one; the numbers are wider: floating types of any width are
 * doubles, integers and booleans are longs (uint64 as its 64 bits, a boolean as 0 or 1).
 *
 * <p>Arrays are not changed once a kernel has answered them; accessors hand out the memory itself, not a copy, and two are equal
 * only where they share it.
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them, and a copy for each access would double the memory
public sealed interface Array {
    /** Floating numbers. */
    record Reals(DType dtype, int[] shape, double[] values) implements Array {
        public Reals {
            require(dtype.isFloating(), dtype);
            requireSize(shape, values.length);
        }

        /** Each number rounded to the declared type, ties to even. */
        Reals rounded() {
            if (dtype == DType.FLOAT64) {
                return this;
            }
            Tensor tensor = tensor();
            double[] rounded = new double[values.length];
            Arrays.setAll(rounded, tensor::doubleAt);
            return new Reals(dtype, shape, rounded);
        }

        /** A copy with each number rounded to the declared type. */
        Tensor tensor() {
            Tensor tensor = Tensor.allocate(dtype, Array.longs(shape));
            for (int i = 0; i < values.length; i++) {
                tensor.set(i, values[i]);
            }
            return tensor;
        }
    }

    /** Integers and booleans. */
    record Integers(DType dtype, int[] shape, long[] values) implements Array {
        public Integers {
            require(dtype.isInteger() || dtype == DType.BOOL, dtype);
            requireSize(shape, values.length);
        }

        /** A copy with each number cut to the declared width. */
        Tensor tensor() {
            Tensor tensor = Tensor.allocate(dtype, Array.longs(shape));
            for (int i = 0; i < values.length; i++) {
                tensor.set(i, values[i]);
            }
            return tensor;
        }
    }

    /** Complex numbers, real and imaginary part in turns. */
    record Complexes(DType dtype, int[] shape, double[] values) implements Array {
        public Complexes {
            require(dtype.kind() == DType.Kind.COMPLEX, dtype);
            requireSize(shape, values.length / 2);
        }

        /** A copy with each number rounded to the declared type. */
        Tensor tensor() {
            Tensor tensor = Tensor.allocate(dtype, Array.longs(shape));
            for (int i = 0; i < values.length; i++) {
                if (dtype == DType.COMPLEX64) {
                    tensor.data().set(Tensor.FLOAT, i * 4L, (float) values[i]);
                } else {
                    tensor.data().set(Tensor.DOUBLE, i * 8L, values[i]);
                }
            }
            return tensor;
        }
    }

    /** Strings, which have no {@link DType}. */
    record Texts(int[] shape, String[] values) implements Array {
        public Texts {
            requireSize(shape, values.length);
        }
    }

    int[] shape();

    default int rank() {
        return shape().length;
    }

    default int size() {
        return size(shape());
    }

    /**
     * Number of elements of a shape.
     *
     * @throws ArithmeticException when it does not fit an int
     */
    static int size(int[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    static Reals scalar(DType dtype, double value) {
        return new Reals(dtype, new int[0], new double[] {value});
    }

    static Integers scalar(DType dtype, long value) {
        return new Integers(dtype, new int[0], new long[] {value});
    }

    static Texts of(TextArray texts) {
        return new Texts(ints(texts.shape()), texts.values().toArray(String[]::new));
    }

    /** A copy of a tensor's numbers. */
    static Array of(Tensor tensor) {
        int[] shape = ints(tensor.shape());
        int size = size(shape);
        DType dtype = tensor.dtype();
        return switch (dtype.kind()) {
            case FLOATING -> {
                double[] values = new double[size];
                Arrays.setAll(values, tensor::doubleAt);
                yield new Reals(dtype, shape, values);
            }
            case BOOLEAN, SIGNED, UNSIGNED -> {
                long[] values = new long[size];
                Arrays.setAll(values, tensor::longAt);
                yield new Integers(dtype, shape, values);
            }
            case COMPLEX -> {
                double[] values = new double[Math.multiplyExact(2, size)];
                boolean single = dtype == DType.COMPLEX64;
                Arrays.setAll(
                        values,
                        i -> single
                                ? tensor.data().get(Tensor.FLOAT, i * 4L)
                                : tensor.data().get(Tensor.DOUBLE, i * 8L));
                yield new Complexes(dtype, shape, values);
            }
        };
    }

    private static int[] ints(List<Long> shape) {
        return shape.stream().mapToInt(Math::toIntExact).toArray();
    }

    private static List<Long> longs(int[] shape) {
        return Arrays.stream(shape).asLongStream().boxed().toList();
    }

    private static void require(boolean fits, DType dtype) {
        if (!fits) {
            throw new IllegalArgumentException("dtype: " + dtype.text() + " belongs to another kind of array");
        }
    }

    private static void requireSize(int[] shape, int found) {
        if (size(shape) != found) {
            throw new IllegalArgumentException("values: " + found + " for shape " + Arrays.toString(shape));
        }
    }
}
