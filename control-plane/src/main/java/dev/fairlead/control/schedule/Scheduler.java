package dev.fairlead.control.schedule;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.Candidate;
import dev.fairlead.control.job.Candidate.Fit;
import dev.fairlead.control.job.JobSpec;
import dev.fairlead.control.job.JobStore.Holding;
import dev.fairlead.control.job.Plan;
import dev.fairlead.control.job.Resources;
import dev.fairlead.control.schedule.Snapshot.Waiting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Decides where jobs go: a pure function. Jobs choose in the order of the queue; equal agents are taken by name. */
public final class Scheduler {
    private static final Comparator<Candidate> BEST = Comparator.comparingDouble(Candidate::score)
            .reversed()
            .thenComparing(candidate -> candidate.agent().name());

    private Scheduler() {}

    /** One decision per waiting job, in the order of the queue. */
    public static List<Decision> decide(Snapshot snapshot) {
        List<Load> loads = loads(snapshot);
        // Within a round room only shrinks: what did not fit once does not fit an equal job later.
        Map<Resources, Reason> hopeless = new HashMap<>();
        List<Decision> decisions = new ArrayList<>(snapshot.queue().size());
        for (Waiting job : snapshot.queue()) {
            Resources shape = job.spec().resources();
            Reason known = hopeless.get(shape);
            if (known != null) {
                decisions.add(new Decision.Wait(job.id(), known));
                continue;
            }
            Load best = null;
            Candidate chosen = null;
            for (Load load : loads) {
                Candidate candidate = Matching.match(job.spec(), load, snapshot.trees());
                if (candidate.fits() && (chosen == null || BEST.compare(candidate, chosen) < 0)) {
                    chosen = candidate;
                    best = load;
                }
            }
            if (chosen == null || best == null) {
                Reason reason = pending(job.spec(), rows(job.spec(), loads, snapshot));
                hopeless.put(shape, reason);
                decisions.add(new Decision.Wait(job.id(), reason));
            } else {
                best.take(chosen.device(), job.spec().resources().memoryBytes());
                decisions.add(new Decision.Assign(job.id(), best.name(), chosen.device()));
            }
        }
        return decisions;
    }

    /** What a job would meet now. */
    public static Plan plan(JobSpec spec, Snapshot snapshot) {
        List<Candidate> rows = rows(spec, loads(snapshot), snapshot).stream()
                .sorted(Comparator.comparing(Candidate::fit).reversed().thenComparing(BEST))
                .toList();
        Candidate first = rows.isEmpty() ? null : rows.getFirst();
        return first != null && first.fits()
                ? new Plan(first.agent().name(), null, rows)
                : new Plan(null, pending(spec, rows), rows);
    }

    private static List<Load> loads(Snapshot snapshot) {
        Map<AgentName, List<Holding>> held =
                snapshot.holdings().stream().collect(Collectors.groupingBy(Holding::agent));
        return snapshot.agents().stream()
                .map(agent -> new Load(agent, held.getOrDefault(agent.name(), List.of())))
                .toList();
    }

    private static List<Candidate> rows(JobSpec spec, List<Load> loads, Snapshot snapshot) {
        return loads.stream()
                .map(load -> Matching.match(spec, load, snapshot.trees()))
                .toList();
    }

    // The sentence is about the agents that came nearest: they are what a person can do something about.
    private static Reason pending(JobSpec spec, List<Candidate> rows) {
        Map<Fit, List<Candidate>> byFit = rows.stream()
                .collect(Collectors.groupingBy(Candidate::fit, () -> new EnumMap<>(Fit.class), Collectors.toList()));
        for (Fit fit : List.of(Fit.BUSY, Fit.TOO_SMALL, Fit.CLOSED, Fit.INCAPABLE)) {
            List<Candidate> nearest = byFit.get(fit);
            if (nearest != null) {
                return switch (fit) {
                    case BUSY -> busy(nearest);
                    case TOO_SMALL -> tooSmall(spec, nearest);
                    case CLOSED, INCAPABLE -> common(nearest);
                    case ELSEWHERE, FITS -> throw new IllegalStateException(fit + " does not explain a wait");
                };
            }
        }
        return new Reason("NoAgent", rows.isEmpty() ? "no agent is enrolled" : "no agent " + place(spec.resources()));
    }

    private static Reason busy(List<Candidate> nearest) {
        int slots = nearest.stream()
                .mapToInt(candidate -> candidate.agent().machine().slots())
                .sum();
        return new Reason(
                "AllBusy", "all " + slots + " slots of " + count(nearest.size()) + " that could run it are taken");
    }

    private static Reason tooSmall(JobSpec spec, List<Candidate> nearest) {
        Candidate largest = nearest.stream()
                .max(Comparator.comparingLong(Candidate::freeBytes))
                .orElseThrow();
        List<String> accelerators = spec.resources().anyOf().stream()
                .map(accelerator -> accelerator.title())
                .toList();
        String kind = accelerators.size() == 1 ? accelerators.getFirst() + " " : "";
        return new Reason(
                "InsufficientMemory",
                "needs " + Bytes.text(spec.resources().memoryBytes()) + "; largest free " + kind + "budget is "
                        + Bytes.text(largest.freeBytes()) + " on "
                        + largest.agent().name());
    }

    // Many agents, many reasons: the most frequent one, with an agent as its example.
    private static Reason common(List<Candidate> nearest) {
        Map<String, Long> frequency = nearest.stream()
                .map(candidate -> candidate.reason().code())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        Candidate example = nearest.stream()
                .max(Comparator.comparingLong(
                        candidate -> frequency.getOrDefault(candidate.reason().code(), 0L)))
                .orElseThrow();
        String code = example.reason().code();
        String sentence = example.reason().sentence();
        String about = example.fit() == Fit.CLOSED
                ? sentence
                : "agent " + example.agent().name() + " " + sentence;
        long others = frequency.getOrDefault(code, 1L) - 1;
        return new Reason(code, others == 0 ? about : about + "; " + count(others) + " more alike");
    }

    private static String place(Resources needs) {
        String pool = needs.pool().isEmpty() ? "" : " in pool " + needs.pool();
        return needs.agent().isEmpty() ? "is" + pool : "is called " + needs.agent() + pool;
    }

    private static String count(long agents) {
        return agents == 1 ? "1 agent" : agents + " agents";
    }
}
