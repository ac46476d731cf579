package dev.fairlead.control.parity;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.job.JobId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where findings are kept, one a job. */
public interface FindingStore {
    /** Keeps a finding; one that its job has already stays as it is. */
    void insert(Finding finding);

    Optional<Finding> byJob(JobId job);

    /** The newest with this report. */
    Optional<Finding> byDigest(Digest digest);

    /** The newest of this promotion. */
    Optional<Finding> byPromotion(String promotionId);

    /** Newest job first; {@code before} starts after that job. */
    List<Finding> list(int limit, @Nullable JobId before);

    /** Those of {@code jobs} that have a finding. */
    Set<JobId> known(Collection<JobId> jobs);

    Set<Digest> digests();
}
