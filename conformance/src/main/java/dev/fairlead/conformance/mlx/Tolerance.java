package dev.fairlead.conformance.mlx;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How far two machines' outputs may lie apart: the uncalibrated limits of the parity gate on the normalised root mean square error.
 * Types, shapes, integers, booleans, and where a NaN or an infinity stands must be equal.
 */
record Tolerance(double normalisedRmse) {
    static Tolerance of(DType precision) {
        return switch (precision) {
            case FLOAT16 -> new Tolerance(5e-3);
            case BFLOAT16 -> new Tolerance(4e-2);
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FLOAT32, FLOAT64 ->
                new Tolerance(5e-6);
            case COMPLEX64, COMPLEX128, UINT1, UINT2, UINT3, UINT4, UINT6, INT2, INT4 -> new Tolerance(5e-6);
            case FLOAT8_E4M3FN, FLOAT8_E4M3FNUZ, FLOAT8_E5M2, FLOAT8_E5M2FNUZ, FLOAT8_E8M0FNU -> new Tolerance(5e-6);
            case FLOAT6_E2M3FN, FLOAT6_E3M2FN, FLOAT4_E2M1FN -> new Tolerance(5e-6);
        };
    }

    /** The first output that differs, or nothing. */
    Optional<String> difference(Map<String, Tensor> expected, Map<String, Tensor> found) {
        if (!expected.keySet().equals(found.keySet())) {
            return Optional.of("outputs are " + found.keySet() + ", expected " + expected.keySet());
        }
        for (Map.Entry<String, Tensor> entry : expected.entrySet()) {
            Optional<String> problem = difference(entry.getValue(), Objects.requireNonNull(found.get(entry.getKey())));
            if (problem.isPresent()) {
                return problem.map(text -> "output " + entry.getKey() + " " + text);
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
        return expected.dtype().isFloating() ? numbers(expected, found) : whole(expected, found);
    }

    private static Optional<String> whole(Tensor expected, Tensor found) {
        for (long i = 0; i < expected.elements(); i++) {
            if (expected.longAt(i) != found.longAt(i)) {
                return Optional.of("[%d] is %d, expected %d".formatted(i, found.longAt(i), expected.longAt(i)));
            }
        }
        return Optional.empty();
    }

    private Optional<String> numbers(Tensor expected, Tensor found) {
        double errors = 0;
        double squares = 0;
        double worst = 0;
        long at = 0;
        for (long i = 0; i < expected.elements(); i++) {
            double a = found.doubleAt(i);
            double b = expected.doubleAt(i);
            if (!Double.isFinite(a) || !Double.isFinite(b)) {
                if (Double.compare(a, b) != 0) {
                    return Optional.of("[%d] is %s, expected %s".formatted(i, a, b));
                }
                continue;
            }
            errors += (a - b) * (a - b);
            squares += b * b;
            if (Math.abs(a - b) > worst) {
                worst = Math.abs(a - b);
                at = i;
            }
        }
        double error = errors == 0 ? 0 : Math.sqrt(errors / squares);
        return error <= normalisedRmse
                ? Optional.empty()
                : Optional.of("differs by %.2g, at most %.2g is allowed; [%d] is %s, expected %s"
                        .formatted(error, normalisedRmse, at, found.doubleAt(at), expected.doubleAt(at)));
    }
}
