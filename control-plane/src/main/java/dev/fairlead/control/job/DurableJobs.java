package dev.fairlead.control.job;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.job.JobStore.Kept;
import dev.fairlead.control.job.JobStore.NewJob;
import dev.fairlead.control.tx.GroupCommit;
import dev.fairlead.control.tx.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Jobs over a store. Submissions that arrive together share one transaction. */
public final class DurableJobs implements Jobs, AutoCloseable {
    private static final int LONGEST_KEY = 128;
    private static final int BATCH = 512;

    private final Transactions transactions;
    private final JobStore store;
    private final Catalog catalog;
    private final JobNews news;
    private final Attempts.Clockwork clockwork;
    private final GroupCommit<NewJob, Kept> inserts;

    public DurableJobs(
            Transactions transactions, JobStore store, Catalog catalog, JobNews news, Attempts.Clockwork clockwork) {
        this.transactions = transactions;
        this.store = store;
        this.catalog = catalog;
        this.news = news;
        this.clockwork = clockwork;
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
        Kept kept = inserts.call(new NewJob(job, submission.spec(), submission.key()));
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

    private List<Kept> insert(List<NewJob> asked) {
        return transactions.call(() -> {
            List<Kept> kept = store.insert(asked);
            List<Job> created = new ArrayList<>();
            for (Kept one : kept) {
                if (one instanceof Kept.Created(Job job)) {
                    created.add(job);
                }
            }
            news.changed(created);
            return kept;
        });
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
