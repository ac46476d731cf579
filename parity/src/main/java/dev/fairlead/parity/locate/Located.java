package dev.fairlead.parity.locate;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where two models part.
 *
 * @param culprit the first operation whose result differs though all before it agree; absent where none was found
 * @param confirmed cases that named it, of {@code cases}
 * @param cases looked at, the one that failed worst first
 * @param compared values that were compared in the first
 * @param worst operations by the error of what they make, the largest first, at most ten; of equal ones the earlier first
 * @param weights that are not what the conversion made of the source's
 * @param notes what a reader should know beside it
 */
public record Located(
        Optional<Operation> culprit,
        int confirmed,
        int cases,
        int compared,
        List<Operation> worst,
        List<WeightFault> weights,
        List<String> notes) {
    public static final int WORST = 10;

    public Located {
        if (confirmed < 0 || confirmed > cases) {
            throw new IllegalArgumentException("confirmed: " + confirmed + " of " + cases + " cases");
        }
        worst = List.copyOf(worst);
        weights = List.copyOf(weights);
        notes = List.copyOf(notes);
    }

    /** The same with what is wrong with the weights. */
    public Located withWeights(List<WeightFault> found) {
        return new Located(culprit, confirmed, cases, compared, worst, found, notes);
    }

    /** One sentence with numbers. */
    public String sentence() {
        return culprit.map(operation -> "%s; error %s, its inputs %s; named by %d of %d inputs"
                        .formatted(operation.title(), number(operation.error()), inputs(operation), confirmed, cases))
                .orElseGet(() -> weights.isEmpty()
                        ? "none found among " + compared + " values compared"
                        : weights.getFirst().sentence());
    }

    private static String inputs(Operation operation) {
        return operation.inputs().isEmpty()
                ? "given"
                : number(operation.inputs().getFirst().error());
    }

    static String number(double value) {
        return value == 0 ? "0" : String.format(Locale.ROOT, "%.1e", value);
    }
}
