package dev.fairlead.control.promotion;

import dev.fairlead.control.error.FairleadException;
import dev.fairlead.parity.verdict.Policy.Demand;
import dev.fairlead.parity.verdict.Policy.NoiseLimits;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an environment asks of a promotion.
 *
 * @param minimumInputs fewer golden inputs than this are inconclusive; at least 1
 * @param normalisedRmse limit of the normalised RMSE by dtype ({@code float32}) or output name, which wins; each 0 or more
 *     and finite, and kept in order so that a policy always prints the same
 * @param claim what the inputs have to show; empty where {@code minimumInputs} alone counts
 * @param allowedFindings codes of outputs that are reported and fail nothing
 */
public record Policy(
        StandIns standIns,
        Approval approval,
        int minimumInputs,
        Map<String, Double> normalisedRmse,
        Optional<Demand> claim,
        NoiseLimits noise,
        Set<String> allowedFindings) {
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
        for (String code : allowedFindings) {
            if (!dev.fairlead.parity.verdict.Policy.FINDINGS.contains(code)) {
                throw invalid("allowed_findings", "has a code that cannot be allowed: '" + code + "'");
            }
        }
        allowedFindings = Collections.unmodifiableSet(new TreeSet<>(allowedFindings));
        normalisedRmse = Collections.unmodifiableMap(new TreeMap<>(normalisedRmse));
    }

    /** Without a claim, and with the default limits to the noise floor. */
    public Policy(StandIns standIns, Approval approval, int minimumInputs, Map<String, Double> normalisedRmse) {
        this(standIns, approval, minimumInputs, normalisedRmse, Optional.empty(), NoiseLimits.DEFAULT, Set.of());
    }

    private static FairleadException invalid(String field, String message) {
        return FairleadException.invalid("environment.policy." + field, message);
    }
}
