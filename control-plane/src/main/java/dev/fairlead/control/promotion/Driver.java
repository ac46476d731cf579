package dev.fairlead.control.promotion;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.job.JobSpec;
import dev.fairlead.control.job.Jobs;
import dev.fairlead.control.job.Submission;
import dev.fairlead.control.tx.Transactions;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;

/**
 * Takes promotions forward. {@link #advance} repeats one transaction, each of which reads the promotion and its jobs,
 * asks {@link Decider}, and does what it says; killed between two of them, or raced by another control plane, the next
 * call goes on from what is stored.
 */
@Singleton
public final class Driver {
    private static final System.Logger LOG = System.getLogger(Driver.class.getName());
    /** More than any promotion has; a guard against going round in circles. */
    private static final int MOST_STEPS = 20;

    private final PromotionStore store;
    private final Jobs jobs;
    private final Transitions transitions;
    private final Deployments deployments;
    private final Certification certification;
    private final Transactions transactions;

    public Driver(
            PromotionStore store,
            Jobs jobs,
            Transitions transitions,
            Deployments deployments,
            Certification certification,
            Transactions transactions) {
        this.store = store;
        this.jobs = jobs;
        this.transitions = transitions;
        this.deployments = deployments;
        this.certification = certification;
        this.transactions = transactions;
    }

    /** Advances every promotion that has not ended; a failure of one does not keep the others waiting. */
    public void advanceAll() {
        for (PromotionId id : store.active()) {
            try {
                advance(id);
            } catch (FairleadException e) {
                // The next round starts from what is stored; a lost race means that someone else has moved it.
                LOG.log(
                        e.code() == ErrorCode.LOST_RACE ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                        "promotionId=" + id + " waits for the next round",
                        e);
            }
        }
    }

    /** Does all that can be done now and returns where that led. Idempotent. */
    public Promotion advance(PromotionId id) {
        Promotion before = get(id);
        for (int i = 0; i < MOST_STEPS; i++) {
            Promotion after = step(id);
            if (after.revision() == before.revision()) {
                return after;
            }
            before = after;
        }
        throw new IllegalStateException("promotion " + id + " is still moving after " + MOST_STEPS + " steps");
    }

    private Promotion step(PromotionId id) {
        try {
            return transactions.call(() -> once(get(id)));
        } catch (FairleadException e) {
            if (e.code().retryable() || e.code().kind() == ErrorCode.Kind.INTERNAL) {
                throw e;
            }
            // What can never succeed must not be tried for ever: a tree that is gone, a specification refused.
            Reason why = new Reason(e.code().code(), String.valueOf(e.getMessage()));
            return transactions.call(() -> refused(get(id), why));
        }
    }

    private Promotion once(Promotion promotion) {
        Map<Step, Job> known = new EnumMap<>(Step.class);
        promotion.jobs().forEach((step, job) -> known.put(step, jobs.get(job)));
        return switch (Decider.next(promotion, known)) {
            case Decision.Submit(Map<Step, JobSpec> specs, Reason why) -> submit(promotion, specs, why);
            case Decision.Become(State state, Reason why) -> {
                certify(promotion, state);
                yield transitions.become(promotion, state, why);
            }
            case Decision.Deploy(State.Deploying state) -> deployments.deploy(promotion, state);
            case Decision.Wait(Reason why) ->
                why.equals(promotion.reason()) ? promotion : transitions.keep(promotion.waiting(why));
            case Decision.Ended() -> promotion;
        };
    }

    private void certify(Promotion promotion, State next) {
        Evidence found = next.evidence();
        if (next instanceof State.Active && promotion.state() instanceof State.Validating) {
            found.judgement()
                    .filter(judgement -> judgement.verdict() == Judgement.Verdict.PASSED)
                    .ifPresent(judgement ->
                            certification.passed(promotion, found.candidate().orElseThrow(), judgement));
        }
    }

    private Promotion submit(Promotion promotion, Map<Step, JobSpec> specs, Reason why) {
        Map<Step, JobId> submitted = new EnumMap<>(Step.class);
        specs.forEach((step, spec) -> submitted.put(
                step,
                jobs.submit(new Submission(
                                spec,
                                step.key(promotion.id()),
                                promotion.start().by(),
                                promotion.id().value(),
                                promotion.start().traceparent()))
                        .job()
                        .id()));
        return transitions.keep(promotion.with(submitted, why));
    }

    private Promotion refused(Promotion promotion, Reason why) {
        return promotion.state() instanceof State.Active active
                ? transitions.become(promotion, active.rejected(), why)
                : promotion;
    }

    private Promotion get(PromotionId id) {
        return store.find(id)
                .orElseThrow(() ->
                        new FairleadException(ErrorCode.PROMOTION_NOT_FOUND, "id", "there is no promotion " + id));
    }
}
