package dev.fairlead.model.interpret;

import java.util.Arrays;

/** Arrays of another's elements, whatever they are. */
final class Picked {
    private Picked() {}

    /** @param from row-major index of each element, or -1 for zero, false or empty text */
    static Array of(Array array, int[] shape, int[] from) {
        return switch (array) {
            case Array.Reals reals -> {
                double[] values = new double[from.length];
                Arrays.setAll(values, i -> from[i] < 0 ? 0 : reals.values()[from[i]]);
                yield new Array.Reals(reals.dtype(), shape, values);
            }
            case Array.Integers integers -> {
                long[] values = new long[from.length];
                Arrays.setAll(values, i -> from[i] < 0 ? 0 : integers.values()[from[i]]);
                yield new Array.Integers(integers.dtype(), shape, values);
            }
            case Array.Complexes complexes -> {
                double[] values = new double[2 * from.length];
                Arrays.setAll(values, i -> from[i / 2] < 0 ? 0 : complexes.values()[2 * from[i / 2] + i % 2]);
                yield new Array.Complexes(complexes.dtype(), shape, values);
            }
            case Array.Texts texts -> {
                String[] values = new String[from.length];
                Arrays.setAll(values, i -> from[i] < 0 ? "" : texts.values()[from[i]]);
                yield new Array.Texts(shape, values);
            }
        };
    }
}
