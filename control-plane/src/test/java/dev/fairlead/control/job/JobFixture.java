package dev.fairlead.control.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.event.LocalChanges;
import dev.fairlead.control.event.jdbc.JdbiEvents;
import dev.fairlead.control.job.jdbc.JdbiJobStore;
import dev.fairlead.control.tx.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToIntFunction;
import org.jdbi.v3.core.Jdbi;

/** Jobs over a real database, with a clock driven by hand and a catalogue that knows what it is told. */
public final class JobFixture implements AutoCloseable {
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    public static final Duration LEASE = Duration.ofSeconds(10);
    public static final AgentName MAC = new AgentName("mac-1");
    public static final Digest TREE = new Digest("ab".repeat(32));

    private final AtomicReference<Instant> time = new AtomicReference<>(START);

    public final InstantSource clock = time::get;
    public final KnownTrees catalog = new KnownTrees();
    public final LocalChanges changes;
    public final JobStore store;
    public final JobNews news;
    public final Attempts attempts;
    public final DurableJobs jobs;
    public final Attempts.Clockwork clockwork;

    public JobFixture(Jdbi jdbi, Transactions transactions) {
        changes = new LocalChanges(transactions);
        store = new JdbiJobStore(jdbi);
        news = new JobNews(transactions, new JdbiEvents(jdbi, clock), changes);
        clockwork = new Attempts.Clockwork(clock, new Random(7), new Leases(Duration.ofSeconds(2), LEASE));
        attempts = new Attempts(transactions, store, catalog, news, clockwork);
        jobs = new DurableJobs(transactions, store, catalog, news, clockwork, JobFixture::placeNothing);
        catalog.trees.put("digits@1", TREE);
    }

    private static void placeNothing(List<Job> jobs, ToIntFunction<Map<JobId, Attempts.Placement>> keep) {
        assertThat(keep.applyAsInt(Map.of())).isZero();
    }

    public void pass(Duration duration) {
        time.updateAndGet(now -> now.plus(duration));
    }

    public static JobSpec train(String name) {
        return JobSpec.of(JobKind.TRAIN, name).with(new Work.Command(List.of("true")));
    }

    public Job submit(JobSpec spec) {
        return submit(spec, "").job();
    }

    public Submitted submit(JobSpec spec, String key) {
        return jobs.submit(new Submission(spec, key, "tester", null, ""));
    }

    public Job place(Job job, AgentName agent) {
        return attempts.place(List.of(new Attempts.Placement(jobs.get(job.id()), agent, "cpu:0")))
                .getFirst();
    }

    public Verdict report(AttemptRef ref, AgentName agent, AttemptState state, long sequence) {
        Report report = new Report(ref, state, null, Attempt.NONE, Attempt.NONE, Map.of(), "", sequence);
        return attempts.report(List.of(new Attempts.Told(agent, report))).getFirst();
    }

    public static AttemptRef ref(Job job) {
        return job.live().ref();
    }

    @Override
    public void close() {
        jobs.close();
    }

    /** A catalogue in memory. */
    public static final class KnownTrees implements Catalog {
        public final Map<String, Digest> trees = new java.util.concurrent.ConcurrentHashMap<>();
        public final List<Job> registered = new ArrayList<>();

        @Override
        public Found resolve(String ref, String field) {
            Digest tree = trees.get(ref);
            if (tree == null) {
                throw new FairleadException(ErrorCode.TREE_NOT_FOUND, field, field + ": there is no " + ref);
            }
            return new Found(tree, Optional.empty());
        }

        @Override
        public Optional<Long> bytes(Digest tree) {
            return trees.containsValue(tree) ? Optional.of(1000L) : Optional.empty();
        }

        @Override
        public void register(Job job) {
            registered.add(job);
        }
    }
}
