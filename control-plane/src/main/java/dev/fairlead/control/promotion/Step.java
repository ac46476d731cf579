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
    /** Compares the outputs of the two. */
    COMPARE;

    /** The idempotency key of this step's job: a second submission after a crash finds the first. */
    String key(PromotionId promotion) {
        return "promotion/" + promotion.value() + "/" + name().toLowerCase(Locale.ROOT);
    }
}
