package dev.fairlead.conformance.onnx;

import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.TextArray;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Holds outputs against the expected ones. Types, shapes, integers, booleans and strings must be equal, other numbers close. */
public record Comparison(Tolerance tolerance) {
    /**
     * Whether the expected numbers cannot tell a right answer from a wrong one: where they disagree, it is by less than float32's
     * rounding of the largest number of that output, as sums leave it where the exact result is zero.
     */
    public boolean isNoise(Map<String, Content> expected, Map<String, Content> found) {
        return expected.entrySet().stream().allMatch(entry -> {
            Content value = found.get(entry.getKey());
            if (value == null || difference(entry.getValue(), value).isEmpty()) {
                return value != null;
            }
            return entry.getValue() instanceof Content.Dense(Tensor wanted)
                    && value instanceof Content.Dense(Tensor tensor)
                    && wanted.dtype() == DType.FLOAT32
                    && tensor.dtype() == DType.FLOAT32
                    && wanted.shape().equals(tensor.shape())
                    && new Comparison(new Tolerance(0, largest(wanted) * 0x1p-23))
                            .difference(wanted, tensor)
                            .isEmpty();
        });
    }

    private static double largest(Tensor tensor) {
        double largest = 0;
        for (long i = 0; i < tensor.elements(); i++) {
            largest = Math.max(largest, Math.abs(tensor.doubleAt(i)));
        }
        return largest;
    }

    /** The first difference, or nothing. */
    public Optional<String> difference(Map<String, Content> expected, Map<String, Content> found) {
        for (Map.Entry<String, Content> entry : expected.entrySet()) {
            Content value = found.get(entry.getKey());
            Optional<String> problem = value == null ? Optional.of("is missing") : difference(entry.getValue(), value);
            if (problem.isPresent()) {
                return problem.map(text -> "output " + entry.getKey() + " " + text);
            }
        }
        return Optional.empty();
    }

    private Optional<String> difference(Content expected, Content found) {
        return switch (expected) {
            case Content.Dense(Tensor wanted)
            when found instanceof Content.Dense(Tensor tensor) -> difference(wanted, tensor);
            case Content.Texts(TextArray wanted)
            when found instanceof Content.Texts(TextArray texts) ->
                wanted.equals(texts) ? Optional.empty() : Optional.of("is " + texts + ", expected " + wanted);
            case Content.Sequence(var wanted)
            when found instanceof Content.Sequence(var items) -> difference(wanted, items);
            case Content.Maybe(var wanted)
            when found instanceof Content.Maybe(var item) ->
                difference(wanted.stream().toList(), item.stream().toList());
            // ONNX' own data hold a present optional as the value itself in places.
            case Content.Maybe(var wanted) when wanted.isPresent() -> difference(wanted.get(), found);
            case Content.Dense _, Content.Texts _, Content.Sequence _, Content.Maybe _ ->
                found instanceof Content.Maybe(var item) && item.isPresent()
                        ? difference(expected, item.get())
                        : Optional.of("is another kind of value");
        };
    }

    private Optional<String> difference(List<Content> expected, List<Content> found) {
        if (expected.size() != found.size()) {
            return Optional.of("has %d items, expected %d".formatted(found.size(), expected.size()));
        }
        for (int i = 0; i < expected.size(); i++) {
            Optional<String> problem = difference(expected.get(i), found.get(i));
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private Optional<String> difference(Tensor expected, Tensor found) {
        if (expected.dtype() != found.dtype() || !expected.shape().equals(found.shape())) {
            return Optional.of("is %s%s, expected %s%s"
                    .formatted(
                            found.dtype().text(),
                            found.shape(),
                            expected.dtype().text(),
                            expected.shape()));
        }
        boolean isComplex = expected.dtype().kind() == DType.Kind.COMPLEX;
        long count = isComplex ? 2 * expected.elements() : expected.elements();
        long wrong = 0;
        String first = "";
        for (long i = 0; i < count; i++) {
            if (!agree(expected, found, i)) {
                if (wrong == 0) {
                    first = "[%d] is %s, expected %s".formatted(i, shown(found, i), shown(expected, i));
                }
                wrong++;
            }
        }
        return wrong == 0 ? Optional.empty() : Optional.of("differs in %d of %d: %s".formatted(wrong, count, first));
    }

    private boolean agree(Tensor expected, Tensor found, long i) {
        return switch (expected.dtype().kind()) {
            case BOOLEAN, SIGNED, UNSIGNED -> expected.longAt(i) == found.longAt(i);
            case FLOATING, COMPLEX -> tolerance.allows(real(expected, i), real(found, i));
        };
    }

    private static String shown(Tensor tensor, long i) {
        return tensor.dtype().isInteger() ? Long.toString(tensor.longAt(i)) : Double.toString(real(tensor, i));
    }

    /** A number, or one part of a complex number. */
    private static double real(Tensor tensor, long i) {
        return switch (tensor.dtype().kind()) {
            case BOOLEAN, SIGNED, UNSIGNED, FLOATING -> tensor.doubleAt(i);
            case COMPLEX ->
                tensor.dtype() == DType.COMPLEX64
                        ? tensor.data().get(Tensor.FLOAT, i * 4)
                        : tensor.data().get(Tensor.DOUBLE, i * 8);
        };
    }
}
