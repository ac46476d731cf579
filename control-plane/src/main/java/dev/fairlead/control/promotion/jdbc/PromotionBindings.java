package dev.fairlead.control.promotion.jdbc;

import dev.fairlead.control.job.JobId;
import dev.fairlead.control.promotion.Judgement;
import dev.fairlead.control.promotion.Overruling;
import dev.fairlead.control.promotion.Promotion;
import dev.fairlead.control.promotion.State;
import dev.fairlead.control.promotion.Step;
import dev.fairlead.control.promotion.Target;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** From the record to the columns that change in a promotion's life; {@link PromotionRows} is the way back. */
final class PromotionBindings {
    private PromotionBindings() {}

    static Update bind(Update statement, Promotion promotion) {
        State state = promotion.state();
        Optional<Judgement> judgement = state.evidence().judgement();
        Optional<Target> previous = state.previous();
        return statement
                .bind("id", promotion.id().value())
                .bind("revision", promotion.revision())
                .bind("state", promotion.phase().name())
                .bind("code", promotion.reason().code())
                .bind("sentence", promotion.reason().sentence())
                .bind("candidate", text(state.evidence().candidate()))
                .bind("report", text(judgement.map(Judgement::report)))
                .bind("verdict", text(judgement.map(Judgement::verdict)))
                .bind("verdictSentence", text(judgement.map(Judgement::sentence)))
                .bind("convertJob", job(promotion, Step.CONVERT))
                .bind("referenceJob", job(promotion, Step.REFERENCE))
                .bind("candidateJob", job(promotion, Step.CANDIDATE))
                .bind("reference64Job", job(promotion, Step.REFERENCE64))
                .bind("candidate64Job", job(promotion, Step.CANDIDATE64))
                .bind("compareJob", job(promotion, Step.COMPARE))
                .bind("approvedBy", text(state.approvedBy()))
                .bind(
                        "finishedAt",
                        promotion
                                .finishedAt()
                                .map(at -> at.atOffset(ZoneOffset.UTC))
                                .orElse(null))
                .bind("previousVersion", previous.map(Target::version).orElse(null))
                .bind("previousTree", text(previous.map(Target::tree)))
                .bind("previousFormat", text(previous.map(Target::format)))
                .bind("previousPromotion", text(previous.map(Target::promotion)))
                .bind("overrideBy", text(promotion.overruling().map(Overruling::by)))
                .bind(
                        "overrideAt",
                        promotion
                                .overruling()
                                .map(one -> one.at().atOffset(ZoneOffset.UTC))
                                .orElse(null))
                .bind("overrideReason", text(promotion.overruling().map(Overruling::why)));
    }

    static @Nullable String text(Optional<?> value) {
        return value.map(Object::toString).orElse(null);
    }

    private static @Nullable String job(Promotion promotion, Step step) {
        JobId id = promotion.jobs().get(step);
        return id == null ? null : id.value();
    }
}
