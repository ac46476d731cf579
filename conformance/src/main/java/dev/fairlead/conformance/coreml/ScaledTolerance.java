package dev.fairlead.conformance.coreml;

import dev.fairlead.model.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/**
 * How far an output may be from the expected one: the largest difference, as a part of the largest expected magnitude.
 * Positions of infinities and of NaN must be the same, and so must integers be.
 */
record ScaledTolerance(double limit) {
    /** float32 throughout, with sums in another order. */
    static final ScaledTolerance FLOAT32 = new ScaledTolerance(1e-4);

    /** float16 between the operations of a whole network, held against float32. */
    static final ScaledTolerance FLOAT16 = new ScaledTolerance(2e-2);

    /** The first output that is too far off. */
    Optional<String> difference(Map<String, Tensor> expected, Map<String, Tensor> found) {
        for (Map.Entry<String, Tensor> entry : expected.entrySet()) {
            Tensor tensor = found.get(entry.getKey());
            Optional<String> problem =
                    tensor == null ? Optional.of("is missing") : difference(entry.getValue(), tensor);
            if (problem.isPresent()) {
                return problem.map(text -> "output " + entry.getKey() + " " + text);
            }
        }
        return Optional.empty();
    }

    private Optional<String> difference(Tensor expected, Tensor found) {
        if (!expected.shape().equals(found.shape())) {
            return Optional.of("has shape " + found.shape() + ", expected " + expected.shape());
        }
        double scale = 0;
        double largest = 0;
        for (long i = 0; i < expected.elements(); i++) {
            double wanted = expected.doubleAt(i);
            double value = found.doubleAt(i);
            boolean isFinite = Double.isFinite(wanted);
            if (isFinite != Double.isFinite(value) || (!isFinite && Double.compare(wanted, value) != 0)) {
                return Optional.of("[%d] is %s, expected %s".formatted(i, value, wanted));
            }
            if (isFinite) {
                scale = Math.max(scale, Math.abs(wanted));
                largest = Math.max(largest, Math.abs(wanted - value));
            }
        }
        double allowed = expected.dtype().isFloating() ? limit * scale : 0;
        return largest <= allowed
                ? Optional.empty()
                : Optional.of("differs by %.3g at a scale of %.3g".formatted(largest, scale));
    }
}
