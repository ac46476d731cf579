package dev.fairlead.control.job;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.job.Attempts.Placement;
import dev.fairlead.control.job.JobStore.Kept;
import dev.fairlead.control.job.JobStore.NewAttempt;
import dev.fairlead.control.job.JobStore.NewJob;
import dev.fairlead.control.tx.GroupCommit;
import dev.fairlead.control.tx.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Jobs over a store. Submissions that arrive together share one statement, which also places those that an agent has room for. */
public final class DurableJobs implements Jobs, AutoCloseable {
    private static final int LONGEST_KEY = 128;
    private static final int BATCH = 512;

    private final Transactions transactions;
    private final JobStore store;
    private final Catalog catalog;
    private final JobNews news;
    private final Attempts.Clockwork clockwork;
    private final Arrivals arrivals;
    private final GroupCommit<NewJob, Kept> inserts;

    public DurableJobs(
            Transactions transactions,
            JobStore store,
            Catalog catalog,
            JobNews news,
            Attempts.Clockwork clockwork,
            Arrivals arrivals) {
        this.transactions = transactions;
        this.store = store;
        this.catalog = catalog;
        this.news = news;
        this.clockwork = clockwork;
        this.arrivals = arrivals;
        this.inserts = new GroupCommit<>("job-submit", BATCH, this::insert);
    }

    @Override
    public Submitted submit(Submission submission) {
        if (submission.key().length() > LONGEST_KEY) {
            throw FairleadException.invalid(
                    "idempotency_key",
                    "must be at most " + LONGEST_KEY + " characters, got "
                            + submission.key().length());
        }
        SpecRules.check(submission.spec());
        JobId id = JobId.next(clockwork.clock().instant(), clockwork.random());
        Job job = Job.submitted(
                id, submission, resolved(submission), clockwork.clock().instant());
        Kept kept = inserts.call(new NewJob(job, submission.spec(), submission.key(), null));
        return switch (kept) {
            case Kept.Created created -> new Submitted(created.job(), true);
            case Kept.Existed existed -> new Submitted(get(existed.id()), false);
            case Kept.Conflict conflict ->
                throw new FairleadException(
                        ErrorCode.IDEMPOTENCY_CONFLICT,
                        "idempotency_key",
                        "idempotency_key '" + submission.key() + "' belongs to job " + conflict.id()
                                + ", which has another specification");
        };
    }

    /** The specification as a job would keep it: checked, and with its references resolved. */
    public JobSpec settled(JobSpec spec) {
        SpecRules.check(spec);
        return Resolution.of(spec, catalog);
    }

    @Override
    public Job get(JobId id) {
        return store.find(id)
                .orElseThrow(() -> new FairleadException(ErrorCode.JOB_NOT_FOUND, "id", "there is no job " + id));
    }

    @Override
    public Optional<Job> find(String key) {
        return store.findByKey(key).map(this::get);
    }

    @Override
    public List<Job> list(JobQuery query) {
        return store.list(query);
    }

    @Override
    public Job cancel(JobId id, String why) {
        transactions.run(() -> {
            Job job = store.lock(List.of(id)).get(id);
            if (job != null) {
                Job next = clockwork.now().cancel(job, why);
                if (!next.equals(job)) {
                    store.save(List.of(next));
                    news.changed(List.of(next));
                }
            }
        });
        return get(id);
    }

    @Override
    public void close() {
        inserts.close();
    }

    // One statement, so without a transaction: its end would be one more answer of the database to wait for.
    private List<Kept> insert(List<NewJob> asked) {
        List<Kept> kept = new ArrayList<>();
        arrivals.place(asked.stream().map(NewJob::job).toList(), placements -> {
            Lifecycle now = clockwork.now();
            List<Job> created = new ArrayList<>();
            for (Kept one : store.insert(asked.stream()
                    .map(job -> job.on(attempt(placements.get(job.job().id()), now)))
                    .toList())) {
                if (one instanceof Kept.Created fresh) {
                    Job job = placed(fresh, placements, now);
                    created.add(job);
                    kept.add(new Kept.Created(job, fresh.fence()));
                } else {
                    kept.add(one);
                }
            }
            news.changed(created);
            return (int) created.stream().filter(job -> job.latest() != null).count();
        });
        return kept;
    }

    private static @Nullable NewAttempt attempt(@Nullable Placement placement, Lifecycle now) {
        return placement == null ? null : now.begin(placement);
    }

    private static Job placed(Kept.Created fresh, Map<JobId, Placement> placements, Lifecycle now) {
        Placement placement = placements.get(fresh.job().id());
        Fence fence = fresh.fence();
        return placement == null || fence == null
                ? fresh.job()
                : now.place(fresh.job(), placement.agent(), placement.device(), fence);
    }

    private JobSpec resolved(Submission submission) {
        try {
            return Resolution.of(submission.spec(), catalog);
        } catch (FairleadException e) {
            // The job may exist already though its references do not any more: then the key answers, not the
            // specification.
            if (!submission.key().isEmpty() && store.findByKey(submission.key()).isPresent()) {
                return submission.spec();
            }
            throw e;
        }
    }
}
