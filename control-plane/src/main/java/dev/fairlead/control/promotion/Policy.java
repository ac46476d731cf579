package dev.fairlead.control.promotion;

import dev.fairlead.control.error.FairleadException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an environment asks of a promotion.
 *
 * @param minimumInputs fewer golden inputs than this are inconclusive; at least 1
 * @param normalisedRmse limit of the normalised RMSE by dtype ({@code float32}) or output name, which wins; each 0 or more
 *     and finite, and kept in order so that a policy always prints the same
 */
public record Policy(StandIns standIns, Approval approval, int minimumInputs, Map<String, Double> normalisedRmse) {
    private static final int MOST_LIMITS = 1000;

    /** Whether a side may have run on a stand-in for the hardware it is named after. */
    public enum StandIns {
        REFUSED,
        ACCEPTED
    }

    /** Whether a promoter has to say yes before the alias moves. */
    public enum Approval {
        NOT_NEEDED,
        REQUIRED
    }

    public Policy {
        if (minimumInputs < 1) {
            throw invalid("minimum_inputs", "is at least 1, not " + minimumInputs);
        }
        if (normalisedRmse.size() > MOST_LIMITS) {
            throw invalid(
                    "normalised_rmse", "has at most %d limits, not %d".formatted(MOST_LIMITS, normalisedRmse.size()));
        }
        normalisedRmse.forEach((name, limit) -> {
            if (name.isEmpty()) {
                throw invalid("normalised_rmse", "names a dtype or an output in each row; one name is empty");
            }
            if (!(limit >= 0 && Double.isFinite(limit))) {
                throw invalid("normalised_rmse." + name, "is 0 or more and finite, not " + limit);
            }
        });
        normalisedRmse = Collections.unmodifiableMap(new TreeMap<>(normalisedRmse));
    }

    private static FairleadException invalid(String field, String message) {
        return FairleadException.invalid("environment.policy." + field, message);
    }
}
