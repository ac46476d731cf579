package dev.fairlead.control.schedule;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.agent.Fleet;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.event.Changes;
import dev.fairlead.control.event.Topic;
import dev.fairlead.control.job.Arrivals;
import dev.fairlead.control.job.Attempts;
import dev.fairlead.control.job.Attempts.Placement;
import dev.fairlead.control.job.Catalog;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.job.JobSpec;
import dev.fairlead.control.job.JobStore;
import dev.fairlead.control.job.JobStore.Holding;
import dev.fairlead.control.job.JobStore.Standing;
import dev.fairlead.control.job.Plan;
import dev.fairlead.control.job.Plans;
import dev.fairlead.control.schedule.Snapshot.TreeAt;
import dev.fairlead.control.schedule.Snapshot.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;

/**
 * Makes decisions durable: reads a snapshot, decides, places in one statement. Only the control plane that leads places, and only
 * one of its threads at a time: the loop's, with all that waits, or the one that takes submissions in, while nothing waits.
 */
public final class Placing implements Plans, Arrivals {
    // As the store orders what waits.
    private static final Comparator<Job> QUEUE = Comparator.comparingInt(
                    (Job job) -> job.spec().priority())
            .reversed()
            .thenComparing(job -> job.id().value());

    // Few jobs end between two rounds, and reading all that wait to place these few would be most of a busy round.
    private static final int FIRST_PAGE = 256;
    private static final int PAGE = 1000;
    private static final int MOST_PAGES = 20;
    // A job that is placed at once needs no explanation, and a full fleet explains itself for a while.
    private static final Duration SETTLE = Duration.ofSeconds(1);
    private static final Duration BUSY_SETTLE = Duration.ofSeconds(10);

    private final Fleet fleet;
    private final JobStore store;
    private final Catalog catalog;
    private final Attempts attempts;
    private final InstantSource clock;
    private final LongAdder placed = new LongAdder();
    private final ReentrantLock turn = new ReentrantLock();
    private final Glance glance = new Glance();
    private volatile boolean leading;

    public Placing(
            Fleet fleet, JobStore store, Catalog catalog, Attempts attempts, Changes changes, InstantSource clock) {
        this.fleet = fleet;
        this.store = store;
        this.catalog = catalog;
        this.attempts = attempts;
        this.clock = clock;
        changes.listen(Topic.JOBS, glance::forget);
    }

    /** Whether this control plane may place jobs as they arrive; at first it may not. */
    public void lead(boolean leads) {
        if (leads && !leading) {
            // Another control plane may have placed meanwhile.
            glance.forget();
        }
        leading = leads;
    }

    /** Places what can be placed at {@code now}; answers how many jobs were. */
    public int round(Instant now) {
        if (!look(now).queued()) {
            return 0;
        }
        turn.lock();
        try {
            return placeAll(now);
        } finally {
            glance.forget();
            turn.unlock();
        }
    }

    @Override
    public void place(List<Job> jobs, ToIntFunction<Map<JobId, Placement>> keep) {
        // While the loop has its turn there is work that waits, and what arrives waits behind it.
        if (!leading || !turn.tryLock()) {
            var _ = keep.applyAsInt(Map.of());
            return;
        }
        try {
            placed.add(keep.applyAsInt(room(jobs)));
        } finally {
            glance.forget();
            turn.unlock();
        }
    }

    private Map<JobId, Placement> room(List<Job> jobs) {
        Standing standing = glance.standing().orElseGet(() -> look(clock.instant()));
        if (standing.queued()) {
            return Map.of();
        }
        List<Job> queue = jobs.stream().sorted(QUEUE).toList();
        Map<JobId, Placement> placements = new HashMap<>();
        for (Placement placement : placements(queue, Scheduler.decide(snapshot(waiting(queue), standing.holdings())))) {
            placements.put(placement.job().id(), placement);
        }
        return placements;
    }

    private Standing look(Instant now) {
        return glance.take(() -> store.standing(now));
    }

    private int placeAll(Instant now) {
        int placed = 0;
        int waits = 0;
        for (int page = 0; page < MOST_PAGES; page++) {
            int size = page == 0 ? FIRST_PAGE : PAGE;
            List<Job> queue = store.waiting(now, waits, size);
            if (queue.isEmpty()) {
                break;
            }
            List<Decision> decisions = Scheduler.decide(
                    snapshot(waiting(queue), store.standing(now).holdings()));
            int assigned = assign(queue, decisions);
            explain(queue, decisions, now);
            placed += assigned;
            waits += queue.size() - assigned;
            if (queue.size() < size || decisions.stream().allMatch(Placing::busy)) {
                break;
            }
        }
        return placed;
    }

    @Override
    public Plan plan(JobSpec spec) {
        JobId none = new JobId("0".repeat(20));
        return Scheduler.plan(
                spec,
                snapshot(
                        List.of(new Waiting(none, spec)),
                        store.standing(clock.instant()).holdings()));
    }

    /** Attempts that this process has placed since it started. */
    public long placed() {
        return placed.sum();
    }

    private static List<Waiting> waiting(List<Job> queue) {
        return queue.stream().map(job -> new Waiting(job.id(), job.spec())).toList();
    }

    private static List<Placement> placements(List<Job> queue, List<Decision> decisions) {
        List<Placement> placements = new ArrayList<>();
        for (int i = 0; i < queue.size(); i++) {
            if (decisions.get(i) instanceof Decision.Assign(JobId _, AgentName agent, String device)) {
                placements.add(new Placement(queue.get(i), agent, device));
            }
        }
        return placements;
    }

    private int assign(List<Job> queue, List<Decision> decisions) {
        List<Placement> placements = placements(queue, decisions);
        if (placements.isEmpty()) {
            return 0;
        }
        int made = attempts.place(placements).size();
        placed.add(made);
        return made;
    }

    private void explain(List<Job> queue, List<Decision> decisions, Instant now) {
        Map<JobId, Reason> reasons = new LinkedHashMap<>();
        for (int i = 0; i < queue.size(); i++) {
            Job job = queue.get(i);
            if (decisions.get(i) instanceof Decision.Wait(JobId id, Reason reason) && worthWriting(job, reason, now)) {
                reasons.put(id, reason);
            }
        }
        store.explain(reasons);
    }

    private static boolean worthWriting(Job job, Reason reason, Instant now) {
        Reason known = job.reason();
        boolean sameCode = known != null && known.code().equals(reason.code());
        Duration age = Duration.between(job.submittedAt(), now);
        if (reason.code().equals("AllBusy")) {
            return !sameCode && age.compareTo(BUSY_SETTLE) >= 0;
        }
        return !reason.equals(known) && age.compareTo(SETTLE) >= 0;
    }

    private static boolean busy(Decision decision) {
        return decision instanceof Decision.Wait wait && wait.reason().code().equals("AllBusy");
    }

    private Snapshot snapshot(List<Waiting> queue, List<Holding> holdings) {
        Set<String> digests = new LinkedHashSet<>();
        queue.forEach(job -> digests.addAll(Matching.inputs(job.spec())));
        Map<String, Set<AgentName>> holders = fleet.holders(digests);
        Map<String, TreeAt> trees = new HashMap<>();
        holders.forEach((digest, agents) -> {
            Optional<Long> bytes = catalog.bytes(Digest.parse(digest, "tree"));
            bytes.ifPresent(size -> trees.put(digest, new TreeAt(size, agents)));
        });
        return new Snapshot(fleet.recent(), holdings, queue, trees);
    }
}
