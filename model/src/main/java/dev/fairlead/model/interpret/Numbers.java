package dev.fairlead.model.interpret;

import java.util.Arrays;
import java.util.function.LongUnaryOperator;

/** Numbers of arrays taken as another kind than they are. */
final class Numbers {
    private Numbers() {}

    /** Real numbers of an array of any but complex numbers. */
    static double[] doubles(Call call, Array array) {
        return switch (array) {
            case Array.Reals reals -> reals.values();
            case Array.Integers integers -> {
                double[] values = new double[integers.values().length];
                Arrays.setAll(values, i -> Widths.real(integers.dtype(), integers.values()[i]));
                yield values;
            }
            case Array.Complexes _, Array.Texts _ -> throw call.malformed("an input holds no real numbers");
        };
    }

    static Array.Integers map(Array.Integers array, LongUnaryOperator function) {
        return new Array.Integers(
                array.dtype(),
                array.shape(),
                Arrays.stream(array.values()).map(function).toArray());
    }

    /** Real numbers as an array of the kind and dtype of another one; integers are cut towards zero. */
    static Array like(Call call, Array like, int[] shape, double[] values) {
        return switch (like) {
            case Array.Reals reals -> new Array.Reals(reals.dtype(), shape, values);
            case Array.Integers integers ->
                new Array.Integers(
                        integers.dtype(),
                        shape,
                        Arrays.stream(values)
                                .mapToLong(value -> Widths.truncated(integers.dtype(), value))
                                .toArray());
            case Array.Complexes _, Array.Texts _ -> throw call.malformed("an input holds no real numbers");
        };
    }
}
