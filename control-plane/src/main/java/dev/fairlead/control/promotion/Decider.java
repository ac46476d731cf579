package dev.fairlead.control.promotion;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobSpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What comes next, from a promotion's state and its jobs alone: asked twice, it answers the same. */
final class Decider {
    private Decider() {}

    /** {@code jobs} has every job that {@code promotion.jobs()} names. */
    static Decision next(Promotion promotion, Map<Step, Job> jobs) {
        return switch (promotion.state()) {
            case State.Converting converting -> converting(promotion, converting, jobs);
            case State.Validating validating -> validating(promotion, validating, jobs);
            case State.AwaitingApproval awaiting ->
                new Decision.Wait(new Reason(
                        "AwaitingApproval",
                        "waits for a promoter to approve %s: %s"
                                .formatted(
                                        promotion.alias(), awaiting.judgement().sentence())));
            case State.Deploying deploying -> new Decision.Deploy(deploying);
            case State.Promoted _, State.Rejected _, State.Aborted _, State.RolledBack _ -> new Decision.Ended();
        };
    }

    private static Decision converting(Promotion promotion, State.Converting state, Map<Step, Job> jobs) {
        if (promotion.start().sourceFormat() == promotion.environment().targetFormat()) {
            return new Decision.Become(
                    state.validating(promotion.start().source()),
                    new Reason(
                            "ConversionNotNeeded",
                            "the source is " + promotion.start().sourceFormat() + " already"));
        }
        Job convert = jobs.get(Step.CONVERT);
        if (convert == null) {
            return submit(Map.of(Step.CONVERT, StepJobs.convert(promotion)), "Converting", "the conversion");
        }
        return switch (Outcome.of(Step.CONVERT, convert, StepJobs.MODEL)) {
            case Outcome.Pending(Reason why) -> new Decision.Wait(why);
            case Outcome.Failed(Reason why) -> new Decision.Become(state.rejected(), why);
            case Outcome.Cancelled(Reason why) -> new Decision.Become(state.aborted(), why);
            case Outcome.Done(Digest candidate) ->
                new Decision.Become(
                        state.validating(candidate),
                        new Reason("Converted", "job %s converted the model".formatted(convert.id())));
        };
    }

    private static Decision validating(Promotion promotion, State.Validating state, Map<Step, Job> jobs) {
        if (state.paused().isPresent()) {
            return new Decision.Wait(paused(state.paused().get()));
        }
        Map<Step, JobSpec> evaluations = evaluations(promotion, state.candidate());
        Map<Step, JobSpec> missing = new EnumMap<>(evaluations);
        missing.keySet().removeAll(jobs.keySet());
        if (!missing.isEmpty()) {
            return submit(missing, "Evaluating", "the golden inputs in all corners");
        }
        Map<Step, Digest> outputs = new EnumMap<>(Step.class);
        List<Outcome> outcomes = new ArrayList<>();
        for (Step step : evaluations.keySet()) {
            Outcome outcome = Outcome.of(step, Objects.requireNonNull(jobs.get(step)), StepJobs.OUTPUTS);
            Optional<Decision> ended = ended(state, outcome);
            if (ended.isPresent()) {
                return ended.get();
            }
            if (outcome instanceof Outcome.Done(Digest tree)) {
                outputs.put(step, tree);
            }
            outcomes.add(outcome);
        }
        if (outputs.size() < evaluations.size()) {
            return new Decision.Wait(Outcome.waiting(outcomes));
        }
        Job compare = jobs.get(Step.COMPARE);
        return compare == null
                ? submit(
                        Map.of(Step.COMPARE, StepJobs.compare(promotion, outputs, state.candidate())),
                        "Comparing",
                        "the comparison")
                : judged(promotion, state, compare);
    }

    /** The corners. Without a conversion there is one graph, which is computed in float64 once. */
    private static Map<Step, JobSpec> evaluations(Promotion promotion, Digest candidate) {
        Map<Step, JobSpec> evaluations = new EnumMap<>(Step.class);
        evaluations.put(Step.REFERENCE, StepJobs.reference(promotion));
        evaluations.put(Step.CANDIDATE, StepJobs.candidate(promotion, candidate));
        if (!promotion.start().source().equals(candidate)) {
            evaluations.put(Step.REFERENCE64, StepJobs.reference64(promotion));
        }
        evaluations.put(Step.CANDIDATE64, StepJobs.candidate64(promotion, candidate));
        return evaluations;
    }

    private static Decision judged(Promotion promotion, State.Validating state, Job compare) {
        Outcome outcome = Outcome.of(Step.COMPARE, compare, StepJobs.REPORT);
        return switch (outcome) {
            case Outcome.Pending(Reason why) -> new Decision.Wait(why);
            case Outcome.Failed(Reason why) -> new Decision.Become(state.rejected(), why);
            case Outcome.Cancelled(Reason why) -> new Decision.Become(state.aborted(), why);
            case Outcome.Done(Digest report) -> verdict(promotion, state, Verdicts.read(report, compare.resultJson()));
        };
    }

    private static Decision verdict(Promotion promotion, State.Validating state, Judgement judgement) {
        return switch (judgement.verdict()) {
            case PASSED ->
                switch (promotion.environment().policy().approval()) {
                    case REQUIRED ->
                        new Decision.Become(
                                state.awaitingApproval(judgement), new Reason("ParityPassed", judgement.sentence()));
                    case NOT_NEEDED ->
                        new Decision.Become(
                                state.deploying(judgement), new Reason("ParityPassed", judgement.sentence()));
                };
            case FAILED ->
                new Decision.Become(state.rejected(judgement), new Reason("ParityFailed", judgement.sentence()));
            case ERROR ->
                new Decision.Become(state.rejected(judgement), new Reason("ParityError", judgement.sentence()));
            case INCONCLUSIVE -> new Decision.Become(state.paused(judgement), paused(judgement));
        };
    }

    private static Optional<Decision> ended(State.Validating state, Outcome side) {
        return switch (side) {
            case Outcome.Failed(Reason why) -> Optional.of(new Decision.Become(state.rejected(), why));
            case Outcome.Cancelled(Reason why) -> Optional.of(new Decision.Become(state.aborted(), why));
            case Outcome.Pending _, Outcome.Done _ -> Optional.empty();
        };
    }

    private static Reason paused(Judgement judgement) {
        return new Reason(
                "ParityInconclusive",
                judgement.sentence() + "; abort it, or start again with a suite that settles the question");
    }

    private static Decision submit(Map<Step, JobSpec> jobs, String code, String what) {
        return new Decision.Submit(jobs, new Reason(code, "waits for " + what));
    }
}
