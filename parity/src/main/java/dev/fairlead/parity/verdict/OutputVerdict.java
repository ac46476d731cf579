package dev.fairlead.parity.verdict;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The judgement of one output.
 *
 * @param dtype of the reference
 * @param candidateDtype of the candidate; empty where it is missing
 * @param precision that the limit is for: the lower of the two types, or {@code tf32}
 * @param code stable reason: {@code WithinLimit}, {@code LimitExceeded}, {@code NotExact}, {@code MaskMismatch},
 *     {@code MissingOutput}, {@code UnexpectedCase}, {@code ShapeMismatch}, {@code DtypeMismatch}; where a floor was computed also
 *     {@code WithinNoise}, {@code AboveNoise} (passed with a warning), {@code BeyondNoise}, {@code ElementsOutOfBound},
 *     {@code PrecisionTooLow} and {@code WrongPrecisionContract}
 * @param limit of the normalised RMSE; 0 where the output must be exact
 * @param floor normalised RMSE of rounding alone; absent where it was not computed
 * @param rho the error over the floor
 * @param worstCase the case of the largest normalised RMSE, or the first that has another fault; empty without one
 * @param figures absent where the structure is already wrong
 * @param worst at most ten cases, the worst first
 */
public record OutputVerdict(
        String name,
        String dtype,
        String candidateDtype,
        String precision,
        Verdict verdict,
        String code,
        String sentence,
        double limit,
        @Nullable Double floor,
        @Nullable Double rho,
        int cases,
        String worstCase,
        @Nullable Figures figures,
        List<CaseFigures> worst) {
    public OutputVerdict {
        Checks.notBlank("outputs.name", name);
        Checks.notBlank("outputs.code", code);
        Checks.notBlank("outputs.sentence", sentence);
        Checks.notNegative("outputs.limit", limit);
        Checks.notNegative("outputs.cases", cases);
        worst = List.copyOf(worst);
    }

    /** One case of an output. */
    public record CaseFigures(
            String name,
            double normalisedRmse,
            double maxAbsolute,
            double maxRelative,
            double cosine,
            long maxUlp,
            long maskMismatches) {}
}
