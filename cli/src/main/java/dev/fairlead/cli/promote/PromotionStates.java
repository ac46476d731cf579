package dev.fairlead.cli.promote;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.ParityVerdict;
import dev.fairlead.proto.v1.Promotion;
import dev.fairlead.proto.v1.PromotionState;

/** What a promotion's state means to a command. */
public final class PromotionStates {
    private PromotionStates() {}

    /** Nothing moves any more without a person: ended, waiting for approval, or paused as inconclusive. */
    public static boolean rests(Promotion promotion) {
        return switch (promotion.getState()) {
            case PROMOTION_STATE_AWAITING_APPROVAL,
                    PROMOTION_STATE_PROMOTED,
                    PROMOTION_STATE_REJECTED,
                    PROMOTION_STATE_ABORTED,
                    PROMOTION_STATE_ROLLED_BACK -> true;
            case PROMOTION_STATE_VALIDATING -> promotion.getVerdict() == ParityVerdict.PARITY_VERDICT_INCONCLUSIVE;
            case PROMOTION_STATE_UNSPECIFIED, PROMOTION_STATE_CONVERTING, PROMOTION_STATE_DEPLOYING, UNRECOGNIZED ->
                false;
        };
    }

    /** The exit code of a command that waited for it. */
    public static ExitCode outcome(Promotion promotion) {
        if (promotion.getVerdict() == ParityVerdict.PARITY_VERDICT_INCONCLUSIVE) {
            return ExitCode.INCONCLUSIVE;
        }
        return promotion.getState() == PromotionState.PROMOTION_STATE_REJECTED
                        || promotion.getState() == PromotionState.PROMOTION_STATE_ABORTED
                ? ExitCode.FAILED
                : ExitCode.OK;
    }

    /** `digits@1 → prod: validating`, with the reason where there is one. */
    public static String line(Promotion promotion) {
        var reason = Words.of(promotion.getReason());
        return promotion.getModel() + "@" + promotion.getVersion() + " → " + promotion.getEnvironment() + ": "
                + Words.of(promotion.getState()) + (reason.isEmpty() ? "" : " (" + reason + ")");
    }
}
