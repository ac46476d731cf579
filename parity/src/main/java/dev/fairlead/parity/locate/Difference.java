package dev.fairlead.parity.locate;

import dev.fairlead.model.tensor.Permutation;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Says in what a weight differs from what it should be. */
final class Difference {
    /** Permutations of more axes are not tried. */
    private static final int MOST_AXES = 4;

    private Difference() {}

    /** The end of a sentence that begins with the weight. */
    static String of(Tensor wanted, Tensor found) {
        if (wanted.dtype() != found.dtype()) {
            return "has %s where the source has %s"
                    .formatted(found.dtype().text(), wanted.dtype().text());
        }
        if (wanted.elements() != found.elements()) {
            return "has shape %s where the source has %s".formatted(found.shape(), wanted.shape());
        }
        if (wanted.dtype().isPacked()
                || !(wanted.dtype().isFloating() || wanted.dtype().isInteger())) {
            return "differs from the source";
        }
        return transposed(wanted, found)
                .or(() -> swapped(wanted, found))
                .or(() -> moved(wanted, found))
                .orElseGet(() -> counted(wanted, found));
    }

    /** The same numbers with other axes, as the initializer holds them or under the shape that it should have. */
    private static Optional<String> transposed(Tensor wanted, Tensor found) {
        int rank = wanted.shape().size();
        if (rank < 2 || rank > MOST_AXES) {
            return Optional.empty();
        }
        for (List<Integer> axes : permutations(rank)) {
            List<Long> shape = axes.stream().map(wanted.shape()::get).toList();
            if (IntStream.range(0, rank).allMatch(axis -> axes.get(axis) == axis)) {
                continue;
            }
            Tensor permuted = Permutation.apply(wanted, axes, Arena.ofAuto());
            if (permuted.data().mismatch(found.data()) == -1) {
                return Optional.of("equals the source transposed " + axes
                        + (shape.equals(wanted.shape()) ? ", which has the same shape" : ""));
            }
        }
        return Optional.empty();
    }

    private static List<List<Integer>> permutations(int rank) {
        List<List<Integer>> all = List.of(List.of());
        for (int length = 0; length < rank; length++) {
            List<List<Integer>> longer = new ArrayList<>();
            for (List<Integer> one : all) {
                for (int axis = 0; axis < rank; axis++) {
                    if (!one.contains(axis)) {
                        List<Integer> next = new ArrayList<>(one);
                        next.add(axis);
                        longer.add(List.copyOf(next));
                    }
                }
            }
            all = longer;
        }
        return all;
    }

    /** The same slices along one axis in another order. */
    private static Optional<String> swapped(Tensor wanted, Tensor found) {
        if (!wanted.shape().equals(found.shape())) {
            return Optional.empty();
        }
        for (int axis = 0; axis < wanted.shape().size(); axis++) {
            int at = axis;
            long size = wanted.shape().get(axis);
            List<Long> differing = IntStream.range(0, Math.toIntExact(size))
                    .mapToObj(Long::valueOf)
                    .filter(i -> !isSame(wanted, i, found, i, at))
                    .toList();
            if (differing.size() < size
                    && !differing.isEmpty()
                    && differing.size() <= 64
                    && differing.stream()
                            .allMatch(i -> differing.stream().anyMatch(j -> isSame(wanted, j, found, i, at)))) {
                return Optional.of("has slices %s along axis %d in another order".formatted(differing, axis));
            }
        }
        return Optional.empty();
    }

    private static boolean isSame(Tensor wanted, long from, Tensor found, long to, int axis) {
        long inner =
                Tensor.elements(wanted.shape().subList(axis + 1, wanted.shape().size()));
        long outer = Tensor.elements(wanted.shape().subList(0, axis));
        long size = wanted.shape().get(axis);
        for (long i = 0; i < outer; i++) {
            for (long j = 0; j < inner; j++) {
                if (wanted.doubleAt((i * size + from) * inner + j) != found.doubleAt((i * size + to) * inner + j)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The source times a number, or plus one, but for rounding to its type. */
    private static Optional<String> moved(Tensor wanted, Tensor found) {
        long largest = 0;
        for (long i = 0; i < wanted.elements(); i++) {
            if (Math.abs(wanted.doubleAt(i)) > Math.abs(wanted.doubleAt(largest))) {
                largest = i;
            }
        }
        double factor = found.doubleAt(largest) / wanted.doubleAt(largest);
        double offset = found.doubleAt(largest) - wanted.doubleAt(largest);
        if (Double.isFinite(factor) && fits(wanted, found, factor, 0)) {
            return Optional.of("is the source times " + number(factor));
        }
        return fits(wanted, found, 1, offset) ? Optional.of("is the source plus " + number(offset)) : Optional.empty();
    }

    private static boolean fits(Tensor wanted, Tensor found, double factor, double offset) {
        double unit = 4 * Contract.unit(wanted.dtype());
        for (long i = 0; i < wanted.elements(); i++) {
            double expected = wanted.doubleAt(i) * factor + offset;
            double slack = unit * (Math.abs(wanted.doubleAt(i) * factor) + Math.abs(offset));
            if (!(Math.abs(found.doubleAt(i) - expected) <= slack)) {
                return false;
            }
        }
        return true;
    }

    private static String counted(Tensor wanted, Tensor found) {
        long differing = 0;
        double largest = 0;
        for (long i = 0; i < wanted.elements(); i++) {
            double difference = Math.abs(wanted.doubleAt(i) - found.doubleAt(i));
            differing += difference != 0 ? 1 : 0;
            largest = Math.max(largest, difference);
        }
        return "differs from the source in %d of %d elements, by up to %s"
                .formatted(differing, wanted.elements(), number(largest));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
