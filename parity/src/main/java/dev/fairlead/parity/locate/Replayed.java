package dev.fairlead.parity.locate;

/**
 * An operation computed again in float64 from the inputs that the target gave it.
 *
 * @param operation whose error is that of the target's result against the computed one
 * @param elements of all its floating results
 * @param unrounded elements that are not the computed ones rounded to the declared type
 * @param outside elements beyond the bound
 * @param excess largest error of those over its bound, 1 being the bound; infinite where a number is not finite and should be, or the
 *     reverse
 * @param prefixed whether a value came from a prefix, for its tap changed the outputs
 * @param reason why it was not judged, or the narrower precision that a wrong product is within the bound of; empty otherwise
 */
public record Replayed(
        Operation operation,
        Verdict verdict,
        long elements,
        long unrounded,
        long outside,
        double excess,
        boolean prefixed,
        String reason) {
    /** What an operation did with its inputs. */
    public enum Verdict {
        /** All elements within the bound: an error in the result is inherited. */
        RIGHT,
        /** Beyond it, but not beyond what the inputs may have been before a tap rounded them. */
        WIDENED,
        WRONG,
        NOT_JUDGED
    }

    public Replayed {
        if (outside > elements || unrounded > elements) {
            throw new IllegalArgumentException(
                    "elements: " + outside + " outside and " + unrounded + " not rounded, of " + elements);
        }
    }

    static Replayed notJudged(Operation operation, String reason) {
        return new Replayed(operation, Verdict.NOT_JUDGED, 0, 0, 0, 0, false, reason);
    }

    /** One sentence with numbers. */
    public String sentence() {
        return switch (verdict) {
            case NOT_JUDGED -> operation.title() + " was not judged: " + reason;
            case RIGHT, WIDENED, WRONG ->
                "%s: %d of %d elements outside the bound, the largest error being %s of it; %d not correctly rounded"
                                .formatted(operation.title(), outside, elements, Located.number(excess), unrounded)
                        + (reason.isEmpty() ? "" : "; " + reason);
        };
    }
}
