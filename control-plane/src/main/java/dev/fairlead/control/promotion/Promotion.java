package dev.fairlead.control.promotion;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.model.ModelFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One version on its way into an environment.
 *
 * @param revision grows by one with each change; a write names the one it was made from and loses where it is older
 * @param environment as it was at the start, which is what governs
 * @param reason why it is in its state: a stable code and one sentence
 * @param jobs what has been submitted so far
 * @param overruling who pushed it on against its parity verdict, where somebody did; for ever
 */
public record Promotion(
        PromotionId id,
        long revision,
        Start start,
        Environment environment,
        State state,
        Reason reason,
        Map<Step, JobId> jobs,
        Instant startedAt,
        Optional<Instant> finishedAt,
        List<Change> history,
        Optional<Overruling> overruling) {

    /**
     * What was asked for.
     *
     * @param key idempotency key
     * @param ref as it was given: {@code name@version} or {@code name@alias}
     * @param requestedSuite golden inputs given in place of the version's own
     * @param suite golden inputs that are used
     * @param by who asked
     * @param traceparent W3C Trace Context of the request; empty where there is none
     */
    public record Start(
            String key,
            String ref,
            Optional<Digest> requestedSuite,
            String model,
            int version,
            Digest source,
            ModelFormat sourceFormat,
            Digest suite,
            String by,
            String traceparent) {}

    /** One transition. */
    public record Change(Phase from, Phase to, Instant at, Reason reason) {}

    /** One that nobody pushed on. */
    public Promotion(
            PromotionId id,
            long revision,
            Start start,
            Environment environment,
            State state,
            Reason reason,
            Map<Step, JobId> jobs,
            Instant startedAt,
            Optional<Instant> finishedAt,
            List<Change> history) {
        this(id, revision, start, environment, state, reason, jobs, startedAt, finishedAt, history, Optional.empty());
    }

    public Promotion {
        Map<Step, JobId> copy = new EnumMap<>(Step.class);
        copy.putAll(jobs);
        jobs = Map.copyOf(copy);
        history = List.copyOf(history);
    }

    public Phase phase() {
        return state.phase();
    }

    /** The alias it moves, {@code digits@prod}. */
    public String alias() {
        return start.model() + "@" + environment.name();
    }

    /** The same promotion as it is stored. */
    public Promotion at(long stored) {
        return new Promotion(
                id, stored, start, environment, state, reason, jobs, startedAt, finishedAt, history, overruling);
    }

    /** The same promotion, pushed on; before it moves. */
    Promotion overruled(Overruling by) {
        return new Promotion(
                id, revision, start, environment, state, reason, jobs, startedAt, finishedAt, history, Optional.of(by));
    }

    /** The same promotion, waiting for something else. */
    Promotion waiting(Reason why) {
        return new Promotion(
                id, revision, start, environment, state, why, jobs, startedAt, finishedAt, history, overruling);
    }

    /** The same promotion with more jobs. */
    Promotion with(Map<Step, JobId> submitted, Reason why) {
        Map<Step, JobId> all = new EnumMap<>(Step.class);
        all.putAll(jobs);
        all.putAll(submitted);
        return new Promotion(
                id, revision, start, environment, state, why, all, startedAt, finishedAt, history, overruling);
    }

    /** The same promotion in another state; {@code to} comes from a transition method of the present one. */
    Promotion moved(State to, Reason why, Instant now) {
        List<Change> all = new ArrayList<>(history);
        all.add(new Change(phase(), to.phase(), now, why));
        Optional<Instant> finished = to.phase().terminal() ? Optional.of(now) : Optional.empty();
        return new Promotion(id, revision, start, environment, to, why, jobs, startedAt, finished, all, overruling);
    }
}
