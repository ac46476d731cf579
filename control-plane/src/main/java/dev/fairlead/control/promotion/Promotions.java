package dev.fairlead.control.promotion;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.tx.Transactions;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What people do with promotions. Each call is one transaction; {@link Driver} does the rest. */
@Singleton
public final class Promotions {
    /** Races with the driver are lost at most this often in a row: it makes a handful of steps a promotion. */
    private static final int TRIES = 10;

    private static final int LONGEST_REASON = 1000;

    private static final Set<String> OVERRULED = Set.of("ParityFailed", Staleness.CODE);

    private final PromotionStore store;
    private final Starter starter;
    private final Transitions transitions;
    private final Deployments deployments;
    private final Transactions transactions;
    private final InstantSource clock;

    public Promotions(
            PromotionStore store,
            Starter starter,
            Transitions transitions,
            Deployments deployments,
            Transactions transactions,
            InstantSource clock) {
        this.store = store;
        this.starter = starter;
        this.transitions = transitions;
        this.deployments = deployments;
        this.transactions = transactions;
        this.clock = clock;
    }

    public Promotion start(StartRequest request) {
        return winning(() -> starter.start(request));
    }

    /** Lets a promotion that awaits approval be deployed. Approving twice has no further effect. */
    public Promotion approve(PromotionId id, String by) {
        return winning(() -> {
            Promotion promotion = get(id);
            return switch (promotion.state()) {
                case State.AwaitingApproval awaiting ->
                    transitions.become(promotion, awaiting.approved(by), new Reason("Approved", "approved by " + by));
                case State.Deploying _, State.Promoted _ -> promotion;
                case State.Converting _, State.Validating _, State.Rejected _, State.Aborted _, State.RolledBack _ ->
                    throw wrongState(promotion, "only one that awaits approval can be approved");
            };
        });
    }

    /**
     * Deploys a promotion whose comparison failed or is inconclusive, or whose certificate is stale. Doing so twice has no further
     * effect; a comparison that went wrong cannot be overruled.
     */
    public Promotion overrule(PromotionId id, String by, String why) {
        requireGiven(why);
        return winning(() -> {
            Promotion promotion = get(id);
            if (promotion.overruling().isPresent()) {
                return promotion;
            }
            State.Deploying next = overruled(promotion, by)
                    .orElseThrow(() -> wrongState(
                            promotion,
                            "only a parity verdict that failed, is inconclusive or is stale can be overruled"));
            store.findActive(promotion.start().model(), promotion.environment().name())
                    .filter(other -> !other.id().equals(id))
                    .ifPresent(other -> {
                        throw new FairleadException(
                                ErrorCode.PROMOTION_IN_PROGRESS,
                                "id",
                                "promotion %s to %s is under way: wait for it or abort it"
                                        .formatted(other.id(), other.alias()));
                    });
            String before = promotion.reason().sentence();
            return transitions.become(
                    promotion.overruled(new Overruling(by, clock.instant(), why)),
                    next,
                    new Reason("ParityOverruled", "overruled by %s: %s; parity said: %s".formatted(by, why, before)));
        });
    }

    private static Optional<State.Deploying> overruled(Promotion promotion, String by) {
        return switch (promotion.state()) {
            case State.Validating validating -> validating.overruled(by);
            case State.Rejected rejected ->
                OVERRULED.contains(promotion.reason().code()) ? rejected.overruled(by) : Optional.empty();
            case State.Converting _,
                    State.AwaitingApproval _,
                    State.Deploying _,
                    State.Promoted _,
                    State.Aborted _,
                    State.RolledBack _ -> Optional.empty();
        };
    }

    /** Calls a promotion off and cancels its jobs. Aborting twice has no further effect. */
    public Promotion abort(PromotionId id, String by, String why) {
        requireShort(why);
        return winning(() -> {
            Promotion promotion = get(id);
            return switch (promotion.state()) {
                case State.Active active ->
                    transitions.become(
                            promotion, active.aborted(), new Reason("Aborted", sentence("aborted by " + by, why)));
                case State.Aborted _ -> promotion;
                case State.Promoted _ -> throw wrongState(promotion, "undo it instead");
                case State.Rejected _, State.RolledBack _ -> throw wrongState(promotion, "it has ended");
            };
        });
    }

    /** Moves the alias back to where it pointed before, unless it has moved since. Undoing twice has no further effect. */
    public Promotion undo(PromotionId id, String by, String why) {
        requireShort(why);
        return undo(id, by, why, Deployments.Stale.REFUSED);
    }

    /** The same, though the version before may be certified for other machines than the pool has now. */
    public Promotion undoAnyway(PromotionId id, String by, String why) {
        requireGiven(why);
        return undo(id, by, why, Deployments.Stale.ACCEPTED);
    }

    private Promotion undo(PromotionId id, String by, String why, Deployments.Stale stale) {
        return winning(() -> {
            Promotion promotion = get(id);
            return switch (promotion.state()) {
                case State.Promoted promoted ->
                    deployments.undo(promotion, promoted, sentence("undone by " + by, why), stale);
                case State.RolledBack _ -> promotion;
                case State.Active _ -> throw wrongState(promotion, "abort it instead");
                case State.Rejected _, State.Aborted _ -> throw wrongState(promotion, "it moved no alias");
            };
        });
    }

    public Promotion get(PromotionId id) {
        return store.find(id)
                .orElseThrow(() ->
                        new FairleadException(ErrorCode.PROMOTION_NOT_FOUND, "id", "there is no promotion " + id));
    }

    /** Newest first. {@code before} starts after that one; {@code model} null means all. */
    public List<Promotion> list(int limit, @Nullable PromotionId before, @Nullable String model) {
        return store.list(limit, before, model);
    }

    private Promotion winning(Supplier<Promotion> body) {
        for (int i = 1; ; i++) {
            try {
                return transactions.call(body);
            } catch (FairleadException e) {
                if (e.code() != ErrorCode.LOST_RACE || i == TRIES) {
                    throw e;
                }
            }
        }
    }

    private static FairleadException wrongState(Promotion promotion, String hint) {
        return new FairleadException(
                ErrorCode.PROMOTION_WRONG_STATE,
                "id",
                "promotion %s is %s: %s".formatted(promotion.id(), promotion.phase(), hint));
    }

    private static String sentence(String what, String why) {
        return why.isEmpty() ? what : what + ": " + why;
    }

    private static void requireGiven(String why) {
        requireShort(why);
        if (why.isBlank()) {
            throw FairleadException.missing("reason");
        }
    }

    private static void requireShort(String why) {
        if (why.length() > LONGEST_REASON) {
            throw FairleadException.invalid(
                    "reason", "has at most %d characters, not %d".formatted(LONGEST_REASON, why.length()));
        }
    }
}
