package dev.fairlead.parity.verdict;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison is judged by.
 *
 * @param acceptStandIns whether results computed on a stand-in may pass
 * @param minimumInputs fewer golden inputs than this are {@link Verdict#INCONCLUSIVE}; at least 1
 * @param normalisedRmse limits by output name or by precision ({@code float32}, {@code tf32}, {@code float16},
 *     {@code bfloat16}, {@code float64}); the output wins, and what is missing takes the default
 */
public record Policy(
        boolean acceptStandIns,
        int minimumInputs,
        @JsonProperty("normalised_rmse") Map<String, Double> normalisedRmse) {
    public static final int DEFAULT_MINIMUM_INPUTS = 59;

    /** The uncalibrated defaults of the parity design, against a float64 reference. Integers and booleans are exact. */
    private static final Map<String, Double> DEFAULTS =
            Map.of("float64", 1e-12, "float32", 5e-6, "tf32", 4e-3, "float16", 5e-3, "bfloat16", 4e-2);

    public Policy {
        if (minimumInputs < 1) {
            throw new IllegalArgumentException("minimum_inputs: " + minimumInputs + " is less than 1");
        }
        normalisedRmse = checked(normalisedRmse);
    }

    /** Refuses stand-ins and asks for 59 inputs: no failure among them bounds the failure rate to 5 % (95 %). */
    public static Policy strict() {
        return new Policy(false, DEFAULT_MINIMUM_INPUTS, Map.of());
    }

    /** The limit of the normalised RMSE for an output computed at this precision; 0 where it must be exact. */
    public double limit(String output, String precision) {
        Double limit = normalisedRmse.get(output);
        if (limit == null) {
            limit = normalisedRmse.get(precision.toLowerCase(Locale.ROOT));
        }
        return limit != null ? limit : DEFAULTS.getOrDefault(precision.toLowerCase(Locale.ROOT), 0.0);
    }

    private static Map<String, Double> checked(@Nullable Map<String, Double> limits) {
        if (limits == null) {
            return Map.of();
        }
        limits.forEach((name, limit) -> {
            if (!(limit >= 0) || Double.isInfinite(limit)) {
                throw new IllegalArgumentException(
                        "normalised_rmse." + name + ": " + limit + " is not a finite number of 0 or more");
            }
        });
        return Collections.unmodifiableMap(new TreeMap<>(limits));
    }
}
