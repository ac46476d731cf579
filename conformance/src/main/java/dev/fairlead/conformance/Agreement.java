package dev.fairlead.conformance;

import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether two values are the same, both computed in float64: 1e-12 of normalised root mean square error, which is the parity gate's
 * limit for a conversion. Shapes, integers, booleans, strings, and where a NaN or an infinity stands must be equal; the widths of
 * floating types don't matter.
 */
public final class Agreement {
    /** What a conversion may change. */
    public static final double LIMIT = 1e-12;

    /** The limit that asks for equal numbers, the sign of zero among them. */
    public static final double SAME_BITS = 0;

    private final double limit;

    private Agreement(double limit) {
        this.limit = limit;
    }

    /** How they differ by more than {@link #LIMIT}, or nothing. */
    public static Optional<String> difference(Datum found, Datum wanted) {
        return difference(found, wanted, LIMIT);
    }

    /** How they differ by more than a limit, or nothing. */
    public static Optional<String> difference(Datum found, Datum wanted, double limit) {
        return new Agreement(limit).values(found, wanted);
    }

    /** The first output that differs by more than a limit, or nothing. */
    public static Optional<String> difference(Map<String, Datum> found, Map<String, Datum> wanted, double limit) {
        if (!found.keySet().equals(wanted.keySet())) {
            return Optional.of("outputs are " + found.keySet() + ", expected " + wanted.keySet());
        }
        for (Map.Entry<String, Datum> output : wanted.entrySet()) {
            Datum other = Objects.requireNonNull(found.get(output.getKey()));
            Optional<String> problem = difference(other, output.getValue(), limit);
            if (problem.isPresent()) {
                return problem.map(text -> "output " + output.getKey() + " " + text);
            }
        }
        return Optional.empty();
    }

    private Optional<String> values(Datum found, Datum wanted) {
        return switch (wanted) {
            case Datum.Dense(Array array) ->
                found instanceof Datum.Dense(Array other) ? arrays(other, array) : Optional.of("is no tensor");
            case Datum.Sequence(List<Datum> items) ->
                found instanceof Datum.Sequence(List<Datum> others)
                        ? lists(others, items)
                        : Optional.of("is no sequence");
            case Datum.Maybe(Optional<Datum> item) ->
                found instanceof Datum.Maybe(Optional<Datum> other)
                        ? lists(other.stream().toList(), item.stream().toList())
                        : Optional.of("is no optional");
        };
    }

    private Optional<String> lists(List<Datum> found, List<Datum> wanted) {
        if (found.size() != wanted.size()) {
            return Optional.of("has %d items, expected %d".formatted(found.size(), wanted.size()));
        }
        for (int i = 0; i < found.size(); i++) {
            Optional<String> problem = values(found.get(i), wanted.get(i));
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private Optional<String> arrays(Array found, Array wanted) {
        if (!kind(found).equals(kind(wanted)) || !Arrays.equals(found.shape(), wanted.shape())) {
            return Optional.of("is %s%s, expected %s%s"
                    .formatted(
                            kind(found),
                            Arrays.toString(found.shape()),
                            kind(wanted),
                            Arrays.toString(wanted.shape())));
        }
        return switch (wanted) {
            case Array.Reals reals -> numbers(((Array.Reals) found).values(), reals.values());
            case Array.Complexes complexes -> numbers(((Array.Complexes) found).values(), complexes.values());
            case Array.Integers integers -> integers(((Array.Integers) found).values(), integers.values());
            case Array.Texts texts ->
                Arrays.equals(((Array.Texts) found).values(), texts.values())
                        ? Optional.empty()
                        : Optional.of("holds other strings");
        };
    }

    private static String kind(Array array) {
        return switch (array) {
            case Array.Reals _ -> "floating";
            case Array.Complexes _ -> "complex";
            case Array.Integers integers -> integers.dtype().text();
            case Array.Texts _ -> "string";
        };
    }

    private static Optional<String> integers(long[] found, long[] wanted) {
        int at = Arrays.mismatch(found, wanted);
        return at < 0 ? Optional.empty() : Optional.of("[%d] is %d, expected %d".formatted(at, found[at], wanted[at]));
    }

    private Optional<String> numbers(double[] found, double[] wanted) {
        int at = limit == SAME_BITS ? Arrays.mismatch(found, wanted) : -1;
        if (at >= 0) {
            return Optional.of("[%d] is %s, expected %s".formatted(at, found[at], wanted[at]));
        }
        double errors = 0;
        double squares = 0;
        int worst = 0;
        for (int i = 0; i < found.length; i++) {
            double error = Math.abs(found[i] - wanted[i]);
            if (!Double.isFinite(found[i]) || !Double.isFinite(wanted[i])) {
                if (Double.compare(found[i], wanted[i]) != 0) {
                    return Optional.of("[%d] is %s, expected %s".formatted(i, found[i], wanted[i]));
                }
                continue;
            }
            errors += error * error;
            squares += wanted[i] * wanted[i];
            worst = error > Math.abs(found[worst] - wanted[worst]) ? i : worst;
        }
        double error = errors == 0 ? 0 : Math.sqrt(errors / squares);
        return error <= limit
                ? Optional.empty()
                : Optional.of("differs by %.2g; [%d] is %s, expected %s"
                        .formatted(error, worst, found[worst], wanted[worst]));
    }
}
