package dev.fairlead.parity.statistics;

/**
 * Wald's sequential probability ratio test of a failure rate (A. Wald, Annals of Mathematical Statistics 16, 1945): after every input it
 * accepts the low rate, rejects it for the high one, or asks for another input.
 *
 * @param acceptable the low failure rate
 * @param unacceptable the high one
 * @param alpha chance of rejecting at the acceptable rate
 * @param beta chance of accepting at the unacceptable rate
 */
public record SequentialTest(double acceptable, double unacceptable, double alpha, double beta) {
    /** What to do next. */
    public enum Decision {
        ACCEPT,
        REJECT,
        CONTINUE
    }

    public SequentialTest {
        Checks.share("acceptable", acceptable);
        Checks.share("unacceptable", unacceptable);
        Checks.share("alpha", alpha);
        Checks.share("beta", beta);
        if (acceptable >= unacceptable) {
            throw new IllegalArgumentException("acceptable: " + acceptable + " is not below " + unacceptable);
        }
        if (alpha + beta >= 1) {
            throw new IllegalArgumentException(
                    "alpha: " + alpha + " and beta " + beta + " leave nothing to tell apart");
        }
    }

    /** 0.1 % against 1 %, both chances 5 %: accepts after 326 inputs without a failure. */
    public static SequentialTest standard() {
        return new SequentialTest(0.001, 0.01, 0.05, 0.05);
    }

    /** The decision after so many inputs, independent of each other. */
    public Decision decide(long inputs, long failures) {
        if (inputs < 0 || failures < 0 || failures > inputs) {
            throw new IllegalArgumentException("failures: " + failures + " of " + inputs + " inputs");
        }
        double ratio = failures * perFailure() - (inputs - failures) * perSuccess();
        if (ratio <= Math.log(beta / (1 - alpha))) {
            return Decision.ACCEPT;
        }
        return ratio >= Math.log((1 - beta) / alpha) ? Decision.REJECT : Decision.CONTINUE;
    }

    /** Inputs after which it accepts if none fails. */
    public long cleanInputs() {
        return (long) Math.ceil(Math.log((1 - alpha) / beta) / perSuccess());
    }

    private double perFailure() {
        return Math.log(unacceptable / acceptable);
    }

    private double perSuccess() {
        return Math.log1p(-acceptable) - Math.log1p(-unacceptable);
    }
}
