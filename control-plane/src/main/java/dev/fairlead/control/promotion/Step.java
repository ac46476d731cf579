package dev.fairlead.control.promotion;

import java.util.Locale;

/** The jobs a promotion creates, in order. */
public enum Step {
    /** Lowers the source to the environment's target format. */
    CONVERT,
    /** Runs the source on the golden inputs, in the reference pool. */
    REFERENCE,
    /** Runs the converted model on the same inputs, in the candidate pool. */
    CANDIDATE,
    /** Computes the source in float64; not where it is not converted. */
    REFERENCE64,
    /** Computes the converted model in float64, and its rounding noise. */
    CANDIDATE64,
    /** Compares the outputs of all. */
    COMPARE;

    /** The idempotency key of this step's job: a second submission after a crash finds the first. */
    String key(PromotionId promotion) {
        return "promotion/" + promotion.value() + "/" + name().toLowerCase(Locale.ROOT);
    }
}
