package dev.fairlead.control.promotion;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.error.Reason;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Moves aliases: forward when a promotion arrives, back when it is undone. Part of the caller's transaction. */
@Singleton
public final class Deployments {
    /** What to do where the version that an undo leads back to was certified for other machines. */
    enum Stale {
        REFUSED,
        ACCEPTED
    }

    private final Registry registry;
    private final Transitions transitions;
    private final Certification certification;

    public Deployments(Registry registry, Transitions transitions, Certification certification) {
        this.registry = registry;
        this.transitions = transitions;
        this.certification = certification;
    }

    /** Moves the alias to the candidate and remembers where it pointed, unless parity is certified for other machines. */
    Promotion deploy(Promotion promotion, State.Deploying state) {
        if (promotion.overruling().isEmpty()) {
            Optional<Reason> stale = stale(promotion, promotion.id().value());
            if (stale.isPresent()) {
                Reason why = new Reason(
                        stale.get().code(),
                        stale.get().sentence() + "; promote again, or approve it with --force --reason");
                return transitions.become(promotion, state.rejected(), why);
            }
        }
        Promotion.Start start = promotion.start();
        Optional<Target> previous = alias(promotion);
        // First the promotion: whoever loses that race must not touch the alias.
        Promotion after = transitions.become(
                promotion,
                state.promoted(previous),
                new Reason("Promoted", "%s points at version %d".formatted(promotion.alias(), start.version())));
        registry.move(
                start.model(),
                promotion.environment().name(),
                new Target(
                        start.version(),
                        state.candidate(),
                        promotion.environment().targetFormat(),
                        promotion.id().value()));
        return after;
    }

    /** Moves the alias back, unless it has moved on since. */
    Promotion undo(Promotion promotion, State.Promoted state, String why, Stale stale) {
        String now = alias(promotion).map(Target::promotion).orElse("");
        if (!now.equals(promotion.id().value())) {
            throw new FairleadException(
                    ErrorCode.NOTHING_TO_UNDO,
                    "id",
                    "%s has moved since promotion %s: it points at what %s deployed"
                            .formatted(promotion.alias(), promotion.id(), now.isEmpty() ? "nobody" : now));
        }
        if (stale == Stale.REFUSED) {
            state.previous()
                    .flatMap(target -> stale(promotion, target.promotion()))
                    .ifPresent(found -> {
                        throw new FairleadException(
                                ErrorCode.PARITY_STALE, "id", found.sentence() + "; undo it with --force --reason");
                    });
        }
        String sentence = state.previous()
                .map(target -> "%s points at version %d again".formatted(promotion.alias(), target.version()))
                .orElse("%s is gone again: there was none before".formatted(promotion.alias()));
        Promotion after = transitions.become(
                promotion, state.rolledBack(), new Reason("Undone", why.isEmpty() ? sentence : sentence + ": " + why));
        String environment = promotion.environment().name();
        String model = promotion.start().model();
        state.previous()
                .ifPresentOrElse(
                        target -> registry.move(model, environment, target), () -> registry.remove(model, environment));
        return after;
    }

    private Optional<Reason> stale(Promotion promotion, String certified) {
        return certification.stale(certified, promotion.environment().candidatePool());
    }

    private Optional<Target> alias(Promotion promotion) {
        return registry.alias(promotion.start().model(), promotion.environment().name());
    }
}
