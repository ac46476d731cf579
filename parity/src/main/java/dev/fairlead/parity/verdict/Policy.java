package dev.fairlead.parity.verdict;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison is judged by.
 *
 * @param acceptStandIns whether results computed on a stand-in may pass
 * @param minimumInputs a lower bound of {@link #requiredInputs()}; at least 1
 * @param normalisedRmse limits by output name or by precision ({@code float32}, {@code tf32}, {@code float16},
 *     {@code bfloat16}, {@code float64}); the output wins, and what is missing takes the default
 * @param claim what the inputs have to show; absent where {@code minimumInputs} alone counts
 * @param noise limits of the error over the noise floor
 * @param allowedFindings codes of {@link OutputVerdict} that are reported and fail nothing
 */
public record Policy(
        boolean acceptStandIns,
        int minimumInputs,
        @JsonProperty("normalised_rmse") Map<String, Double> normalisedRmse,
        @Nullable Demand claim,
        NoiseLimits noise,
        Set<String> allowedFindings) {
    public static final int DEFAULT_MINIMUM_INPUTS = 59;

    /** The findings that may be allowed. What is missing, misshaped or not a number where it should be one never is. */
    public static final Set<String> FINDINGS = Set.of(
            "LimitExceeded",
            "NotExact",
            "BeyondNoise",
            "ElementsOutOfBound",
            "PrecisionTooLow",
            "WrongPrecisionContract");

    /** The uncalibrated defaults of the parity design, against a float64 reference. Integers and booleans are exact. */
    private static final Map<String, Double> DEFAULTS =
            Map.of("float64", 1e-12, "float32", 5e-6, "tf32", 4e-3, "float16", 5e-3, "bfloat16", 4e-2);

    /**
     * At most this share of all inputs may be out of bound, with this confidence.
     *
     * @param maximumRate above 0, below 1
     * @param confidence above 0, below 1
     */
    public record Demand(double maximumRate, double confidence) {
        public static final Demand DEFAULT = new Demand(0.05, 0.95);

        public Demand {
            between("claim.maximum_rate", maximumRate);
            between("claim.confidence", confidence);
        }

        /** The fewest inputs that show it when none fails: (1 - rate)^n ≤ 1 - confidence. */
        public int inputs() {
            double exact = Math.log1p(-confidence) / Math.log1p(-maximumRate);
            return exact >= Integer.MAX_VALUE ? Integer.MAX_VALUE : Math.max(1, (int) Math.ceil(exact));
        }

        private static void between(String field, double value) {
            if (!(value > 0 && value < 1)) {
                throw new IllegalArgumentException(field + ": " + value + " is not between 0 and 1");
            }
        }
    }

    /**
     * Limits of the error over the noise floor.
     *
     * @param pass up to this passes
     * @param warn up to this passes with a warning, above it fails; at least {@code pass}
     */
    public record NoiseLimits(double pass, double warn) {
        public static final NoiseLimits DEFAULT = new NoiseLimits(2, 4);

        public NoiseLimits {
            if (!(pass > 0) || Double.isInfinite(pass)) {
                throw new IllegalArgumentException("noise.pass: " + pass + " is not a finite number above 0");
            }
            if (!(warn >= pass) || Double.isInfinite(warn)) {
                throw new IllegalArgumentException("noise.warn: " + warn + " is not a finite number of pass or more");
            }
        }
    }

    @JsonCreator
    public Policy(
            boolean acceptStandIns,
            int minimumInputs,
            @Nullable @JsonProperty("normalised_rmse") Map<String, Double> normalisedRmse,
            @Nullable Demand claim,
            @Nullable NoiseLimits noise,
            @Nullable Set<String> allowedFindings) {
        if (minimumInputs < 1) {
            throw new IllegalArgumentException("minimum_inputs: " + minimumInputs + " is less than 1");
        }
        this.acceptStandIns = acceptStandIns;
        this.minimumInputs = minimumInputs;
        this.normalisedRmse = checked(normalisedRmse);
        this.claim = claim;
        this.noise = noise == null ? NoiseLimits.DEFAULT : noise;
        this.allowedFindings = allowed(allowedFindings);
    }

    /** Without a claim: that many inputs are enough. */
    public Policy(boolean acceptStandIns, int minimumInputs, Map<String, Double> normalisedRmse) {
        this(acceptStandIns, minimumInputs, normalisedRmse, null, NoiseLimits.DEFAULT, Set.of());
    }

    /** Refuses stand-ins and asks for 59 inputs: no failure among them bounds the failure rate to 5 % (95 %). */
    public static Policy strict() {
        return new Policy(false, DEFAULT_MINIMUM_INPUTS, Map.of(), Demand.DEFAULT, NoiseLimits.DEFAULT, Set.of());
    }

    /** Fewer golden inputs than this are {@link Verdict#INCONCLUSIVE}. */
    public int requiredInputs() {
        return claim == null ? minimumInputs : Math.max(minimumInputs, claim.inputs());
    }

    /** Whether a finding of this code fails nothing. */
    public boolean allows(String code) {
        return allowedFindings.contains(code);
    }

    /** Whether {@link #limit} is this policy's own and no default. */
    public boolean states(String output, String precision) {
        return normalisedRmse.containsKey(output) || normalisedRmse.containsKey(precision.toLowerCase(Locale.ROOT));
    }

    /** The limit of the normalised RMSE for an output computed at this precision; 0 where it must be exact. */
    public double limit(String output, String precision) {
        Double limit = normalisedRmse.get(output);
        if (limit == null) {
            limit = normalisedRmse.get(precision.toLowerCase(Locale.ROOT));
        }
        return limit != null ? limit : DEFAULTS.getOrDefault(precision.toLowerCase(Locale.ROOT), 0.0);
    }

    private static Set<String> allowed(@Nullable Set<String> codes) {
        if (codes == null) {
            return Set.of();
        }
        for (String code : codes) {
            if (!FINDINGS.contains(code)) {
                throw new IllegalArgumentException(
                        "allowed_findings: '" + code + "' is none of " + new TreeSet<>(FINDINGS));
            }
        }
        return Collections.unmodifiableSet(new TreeSet<>(codes));
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
