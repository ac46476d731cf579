package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * A window taken apart: for each of its elements the tensor that all windows have at that place. It says what MIL's poolings cannot,
 * dilation and indices, for windows that are not too large.
 */
final class Taps {
    private static final long MOST = 256;

    private Taps() {}

    /** The windows' sums or largest elements, axis by axis: for both the order does not matter. */
    static Var fold(Var x, Window window, double border, BinaryOperator<Var> operator, Mil mil) {
        Var made = x;
        for (int i = 0; i < window.axes(); i++) {
            made = of(made, window.only(i), border, mil).stream()
                    .reduce(operator)
                    .orElseThrow();
        }
        return made;
    }

    /** One strided slice of the padded input for each element of the window, in row-major order. */
    static List<Var> of(Var x, Window window, double border, Mil mil) {
        long[] begin = new long[x.rank()];
        long[] end = new long[x.rank()];
        System.arraycopy(window.begin(), 0, begin, 2, window.axes());
        System.arraycopy(window.end(), 0, end, 2, window.axes());
        Var padded = mil.pad(x, begin, end, border);
        List<Var> taps = new ArrayList<>();
        for (long[] offset : offsets(window)) {
            long[] from = new long[x.rank()];
            long[] to = padded.sizes();
            long[] stride = Mil.ones(x.rank());
            long[] sizes = padded.sizes();
            for (int i = 0; i < window.axes(); i++) {
                long count = window.out(x.size(i + 2), i);
                from[i + 2] = offset[i] * window.dilations()[i];
                to[i + 2] = from[i + 2] + (count - 1) * window.strides()[i] + 1;
                stride[i + 2] = window.strides()[i];
                sizes[i + 2] = count;
            }
            boolean[] none = new boolean[x.rank()];
            taps.add(mil.slice(padded, from, to, stride, none, none, Shapes.of(sizes)));
        }
        return taps;
    }

    /** For each tap where its elements lie in the input, counted through the whole tensor. */
    static List<Var> places(Var x, Window window, boolean columnMajor, Mil mil) {
        int axes = window.axes();
        long image = Arrays.stream(x.sizes(), 2, x.rank()).reduce(1, Math::multiplyExact);
        List<Long> shape = new ArrayList<>(List.of(x.size(0), x.size(1)));
        for (int i = 0; i < axes; i++) {
            shape.add(window.out(x.size(i + 2), i));
        }
        List<Var> places = new ArrayList<>();
        for (long[] offset : offsets(window)) {
            places.add(mil.reals(MilDataType.INT32, shape, flat -> {
                long rest = flat;
                long place = 0;
                long[] at = new long[axes];
                for (int i = axes - 1; i >= 0; i--) {
                    long count = shape.get(i + 2);
                    at[i] = (rest % count) * window.strides()[i]
                            + offset[i] * window.dilations()[i]
                            - window.begin()[i];
                    rest /= count;
                }
                for (int i = 0; i < axes; i++) {
                    int axis = columnMajor ? axes - 1 - i : i;
                    place = place * x.size(axis + 2) + at[axis];
                }
                return rest * image + place;
            }));
        }
        return places;
    }

    private static List<long[]> offsets(Window window) {
        long count = Arrays.stream(window.kernel()).reduce(1, Math::multiplyExact);
        if (count > MOST) {
            throw Refusals.unsupported("a window of " + count + " elements that MIL's poolings cannot say");
        }
        List<long[]> offsets = new ArrayList<>();
        for (long flat = 0; flat < count; flat++) {
            long[] offset = new long[window.axes()];
            long rest = flat;
            for (int i = offset.length - 1; i >= 0; i--) {
                offset[i] = rest % window.kernel()[i];
                rest /= window.kernel()[i];
            }
            offsets.add(offset);
        }
        return offsets;
    }
}
