package dev.fairlead.control.job;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.tx.Transactions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What happens to attempts: placed by the scheduler, reported and renewed by agents, given up by time. Each call is one transaction. */
public final class Attempts {
    private static final int SWEEP = 500;

    private final Transactions transactions;
    private final JobStore store;
    private final Catalog catalog;
    private final JobNews news;
    private final Clockwork clockwork;

    public Attempts(Transactions transactions, JobStore store, Catalog catalog, JobNews news, Clockwork clockwork) {
        this.transactions = transactions;
        this.store = store;
        this.catalog = catalog;
        this.news = news;
        this.clockwork = clockwork;
    }

    /** Time, chance and terms for the steps of a job. */
    public record Clockwork(InstantSource clock, RandomGenerator random, Leases leases) {
        Lifecycle now() {
            return new Lifecycle(clock.instant(), leases.lease(), random.nextDouble());
        }
    }

    /** A report and the agent whose stream it came on. */
    public record Told(AgentName agent, Report report) {}

    /** Where a job goes that was seen waiting. */
    public record Placement(Job job, AgentName agent, String device) {}

    /** Places jobs that still wait; the others are left out of the answer. */
    public List<Job> place(List<Placement> placements) {
        return transactions.call(() -> {
            Lifecycle now = clockwork.now();
            // One statement: only whoever leads places, so the snapshot is nearly always right, and the write finds out
            // where not.
            Map<JobId, Fence> fences =
                    store.place(placements.stream().map(now::begin).toList());
            List<Job> placed = new ArrayList<>();
            for (Placement placement : placements) {
                Fence fence = fences.get(placement.job().id());
                if (fence != null) {
                    placed.add(now.place(placement.job(), placement.agent(), placement.device(), fence));
                }
            }
            news.changed(placed);
            return placed;
        });
    }

    /** Takes reports in, in order; answers each. */
    public List<Verdict> report(List<Told> told) {
        return transactions.call(() -> {
            Map<JobId, Job> jobs = store.lock(
                    told.stream().map(one -> one.report().attempt().id().job()).toList());
            Map<JobId, Job> changed = new LinkedHashMap<>();
            List<Verdict> verdicts = new ArrayList<>();
            for (Told one : told) {
                JobId id = one.report().attempt().id().job();
                Verdict verdict = verdict(jobs.get(id), one);
                if (verdict instanceof Verdict.Applied applied) {
                    jobs.put(id, applied.job());
                    changed.put(id, applied.job());
                }
                verdicts.add(verdict);
            }
            for (Job job : changed.values()) {
                if (job.state() == JobState.SUCCEEDED) {
                    catalog.register(job);
                }
            }
            keep(List.copyOf(changed.values()));
            return verdicts;
        });
    }

    /**
     * Prolongs the leases of what the agent still runs.
     *
     * @return those that it may go on with; the others have been fenced off
     */
    public Set<AttemptRef> renew(AgentName agent, Collection<AttemptRef> running) {
        if (running.isEmpty()) {
            return Set.of();
        }
        return transactions.call(() -> {
            Instant until = clockwork.clock().instant().plus(clockwork.leases().lease());
            Set<AttemptRef> renewed = new HashSet<>(store.renew(running, agent, until));
            Set<AttemptRef> others = new LinkedHashSet<>(running);
            others.removeAll(renewed);
            if (!others.isEmpty()) {
                renewed.addAll(adopt(agent, others));
            }
            return renewed;
        });
    }

    /**
     * Settles what an agent that connects holds: what it runs and may run is adopted; what it does not run any more is tried again,
     * unless it never confirmed the assignment, which is sent again.
     *
     * @return the attempts that stay with the agent
     */
    public Set<AttemptRef> reconcile(AgentName agent, Collection<AttemptRef> running) {
        return transactions.call(() -> {
            Set<AttemptRef> adopted = adopt(agent, running);
            List<JobId> gone = store.heldBy(List.of(agent)).stream()
                    .filter(job -> job.state() != JobState.PLACED
                            && !adopted.contains(job.live().ref()))
                    .map(Job::id)
                    .toList();
            advance(
                    gone,
                    (lifecycle, job) -> job.state().held() && job.live().agent().equals(agent)
                            ? Optional.of(lifecycle.forgotten(job))
                            : Optional.empty());
            return adopted;
        });
    }

    /** Ends leases and graces that are over; answers how many jobs moved. */
    public int sweep() {
        Instant now = clockwork.clock().instant();
        return transactions.call(() -> advance(
                        store.leaseOver(now, SWEEP),
                        (lifecycle, job) -> job.state().held()
                                        && job.state() != JobState.UNKNOWN
                                        && job.live().leaseUntil().isBefore(now)
                                ? Optional.of(lifecycle.lose(job))
                                : Optional.empty()))
                + transactions.call(() -> advance(store.graceOver(now, SWEEP), (lifecycle, job) -> {
                    Instant due = job.dueAt();
                    return job.state() == JobState.UNKNOWN && due != null && !due.isAfter(now)
                            ? Optional.of(lifecycle.giveUp(job))
                            : Optional.empty();
                }));
    }

    private Set<AttemptRef> adopt(AgentName agent, Collection<AttemptRef> running) {
        Map<JobId, AttemptRef> refs = new HashMap<>();
        running.forEach(ref -> refs.put(ref.id().job(), ref));
        Set<AttemptRef> adopted = new HashSet<>();
        advance(refs.keySet(), (lifecycle, job) -> {
            Optional<Attempt> held = job.current()
                    .filter(attempt ->
                            attempt.agent().equals(agent) && attempt.ref().equals(refs.get(job.id())));
            held.ifPresent(attempt -> adopted.add(attempt.ref()));
            return held.map(attempt -> lifecycle.renew(job));
        });
        return adopted;
    }

    private Verdict verdict(@Nullable Job job, Told told) {
        Attempt latest = job == null ? null : job.latest();
        if (job == null || latest == null || !latest.agent().equals(told.agent())) {
            return new Verdict.Refused();
        }
        return clockwork.now().report(job, checked(told.report()));
    }

    // An output that is no committed tree is as good as none: whoever reads the job could not fetch it.
    private Report checked(Report report) {
        if (report.state() != AttemptState.SUCCEEDED) {
            return report;
        }
        for (Map.Entry<String, Digest> output : report.outputs().entrySet()) {
            if (catalog.bytes(output.getValue()).isEmpty()) {
                Reason why = new Reason(
                        "OutputsMissing",
                        "output " + output.getKey() + " was never committed: " + output.getValue()
                                + " is not in the store");
                return new Report(
                        report.attempt(),
                        AttemptState.FAILED,
                        why,
                        report.progress(),
                        report.exitCode(),
                        Map.of(),
                        report.resultJson(),
                        report.sequence());
            }
        }
        return report;
    }

    private int advance(Collection<JobId> ids, BiFunction<Lifecycle, Job, Optional<Job>> step) {
        if (ids.isEmpty()) {
            return 0;
        }
        List<Job> moved = new ArrayList<>();
        for (Job job : store.lock(ids).values()) {
            step.apply(clockwork.now(), job).ifPresent(moved::add);
        }
        return keep(moved).size();
    }

    private List<Job> keep(List<Job> jobs) {
        store.save(jobs);
        news.changed(jobs);
        return jobs;
    }
}
