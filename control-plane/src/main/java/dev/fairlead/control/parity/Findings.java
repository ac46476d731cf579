package dev.fairlead.control.parity;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.artifact.References;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.job.JobKind;
import dev.fairlead.control.job.JobQuery;
import dev.fairlead.control.job.JobState;
import dev.fairlead.control.job.Jobs;
import dev.fairlead.parity.verdict.Report;
import dev.fairlead.parity.verdict.ReportJson;
import dev.fairlead.parity.verdict.Verdict;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The findings of all comparing jobs. A finding is kept when its job is seen to have succeeded, at the latest when asked for. */
@Singleton
public final class Findings implements References {
    private static final String REPORT = "report";
    private static final int LOOK_BACK = 100;

    private final FindingStore store;
    private final ReportFiles files;
    private final Jobs jobs;
    private final InstantSource clock;

    public Findings(FindingStore store, ReportFiles files, Jobs jobs, InstantSource clock) {
        this.store = store;
        this.files = files;
        this.jobs = jobs;
        this.clock = clock;
    }

    /** Keeps what recent comparing jobs found. */
    public void collect() {
        List<Job> recent = compared(new JobQuery(LOOK_BACK, null, EnumSet.of(JobState.SUCCEEDED), null));
        Set<JobId> known = store.known(recent.stream().map(Job::id).toList());
        recent.stream().filter(job -> !known.contains(job.id())).forEach(this::keep);
    }

    public Finding byJob(JobId id) {
        return store.byJob(id)
                .or(() -> Optional.of(jobs.get(id)).filter(Findings::compared).map(this::keep))
                .orElseThrow(() -> none("job_id", "job " + id + " has no parity report"));
    }

    public Finding byDigest(Digest digest) {
        return store.byDigest(digest)
                .orElseThrow(() -> none("report_digest", "no parity report has the digest " + digest));
    }

    public Finding byPromotion(String promotionId) {
        return store.byPromotion(promotionId)
                .or(() -> compared(new JobQuery(LOOK_BACK, null, EnumSet.of(JobState.SUCCEEDED), promotionId)).stream()
                        .findFirst()
                        .map(this::keep))
                .orElseThrow(() -> none("promotion_id", "promotion " + promotionId + " has no parity report yet"));
    }

    /** Newest first; {@code before} starts after that job. */
    public List<Finding> list(int limit, @Nullable JobId before) {
        return store.list(limit, before);
    }

    @Override
    public Set<Digest> referencedTrees() {
        return store.digests();
    }

    private List<Job> compared(JobQuery query) {
        return jobs.list(query).stream().filter(Findings::compared).toList();
    }

    private static boolean compared(Job job) {
        return job.spec().kind() == JobKind.COMPARE
                && job.state() == JobState.SUCCEEDED
                && job.outputs().containsKey(REPORT);
    }

    private Finding keep(Job job) {
        Digest digest = Optional.ofNullable(job.outputs().get(REPORT)).orElseThrow();
        Instant at = Optional.ofNullable(job.finishedAt()).orElseGet(clock::instant);
        Finding finding = read(job, digest, at);
        store.insert(finding);
        return finding;
    }

    private Finding read(Job job, Digest digest, Instant at) {
        Optional<String> promotion = Optional.ofNullable(job.promotionId());
        try {
            String json = files.read(digest);
            Report report = ReportJson.report("report.json", json);
            return new Finding(
                    digest,
                    job.id(),
                    promotion,
                    report.verdict(),
                    report.sentence(),
                    report.inputs(),
                    at,
                    Optional.of(json));
        } catch (FairleadException | IllegalArgumentException e) {
            if (e instanceof FairleadException failure && failure.code().retryable()) {
                throw failure;
            }
            // A report that cannot be read is a finding of its own: the comparison went wrong.
            return new Finding(
                    digest,
                    job.id(),
                    promotion,
                    Verdict.ERROR,
                    String.valueOf(e.getMessage()),
                    0,
                    at,
                    Optional.empty());
        }
    }

    private static FairleadException none(String field, String sentence) {
        return new FairleadException(ErrorCode.PARITY_REPORT_NOT_FOUND, field, sentence);
    }
}
