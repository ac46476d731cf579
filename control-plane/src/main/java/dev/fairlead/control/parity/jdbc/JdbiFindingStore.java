package dev.fairlead.control.parity.jdbc;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.parity.Finding;
import dev.fairlead.control.parity.FindingStore;
import dev.fairlead.parity.verdict.Verdict;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The table {@code parity_report}. */
@Singleton
final class JdbiFindingStore implements FindingStore {
    private static final String SELECT = """
            select digest, job_id, promotion_id, verdict, sentence, inputs, judged_at, report
            from parity_report
            """;

    private final Jdbi jdbi;

    JdbiFindingStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public void insert(Finding finding) {
        // Two control planes may see the same job end; both read the same report.
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into parity_report
                            (digest, job_id, promotion_id, verdict, sentence, inputs, judged_at, report)
                        values
                            (:digest, :job, :promotion, :verdict, :sentence, :inputs, :at, cast(:report as json))
                        on conflict (job_id) do nothing
                        """)
                .bind("digest", finding.digest().toString())
                .bind("job", finding.job().value())
                .bind("promotion", finding.promotionId().orElse(null))
                .bind("verdict", finding.verdict().name())
                .bind("sentence", finding.sentence())
                .bind("inputs", finding.inputs())
                .bind("at", finding.judgedAt().atOffset(ZoneOffset.UTC))
                .bind("report", finding.json().orElse(null))
                .execute());
    }

    @Override
    public Optional<Finding> byJob(JobId job) {
        return first("where job_id = :value", Map.of("value", job.value()));
    }

    @Override
    public Optional<Finding> byDigest(Digest digest) {
        return first("where digest = :value", Map.of("value", digest.toString()));
    }

    @Override
    public Optional<Finding> byPromotion(String promotionId) {
        return first("where promotion_id = :value", Map.of("value", promotionId));
    }

    @Override
    public List<Finding> list(int limit, @Nullable JobId before) {
        return before == null
                ? many("order by job_id desc limit :limit", Map.of("limit", limit))
                : many(
                        "where job_id < :before order by job_id desc limit :limit",
                        Map.of("limit", limit, "before", before.value()));
    }

    @Override
    public Set<JobId> known(Collection<JobId> jobs) {
        if (jobs.isEmpty()) {
            return Set.of();
        }
        List<String> ids = jobs.stream().map(JobId::value).toList();
        return Set.copyOf(jdbi.withHandle(
                handle -> handle.createQuery("select job_id from parity_report where job_id = any(:ids)")
                        .bindArray("ids", String.class, ids)
                        .mapTo(String.class)
                        .map(JobId::new)
                        .list()));
    }

    @Override
    public Set<Digest> digests() {
        return Set.copyOf(jdbi.withHandle(handle -> handle.createQuery("select distinct digest from parity_report")
                .mapTo(String.class)
                .map(text -> Digest.parse(text, "digest"))
                .list()));
    }

    private Optional<Finding> first(String where, Map<String, Object> values) {
        return many(where + " order by judged_at desc, job_id desc limit 1", values).stream()
                .findFirst();
    }

    private List<Finding> many(String rest, Map<String, Object> values) {
        return jdbi.withHandle(handle -> handle.createQuery(SELECT + rest)
                .bindMap(values)
                .map(JdbiFindingStore::finding)
                .list());
    }

    private static Finding finding(ResultSet row, StatementContext context) throws SQLException {
        return new Finding(
                Digest.parse(row.getString("digest"), "digest"),
                new JobId(row.getString("job_id")),
                Optional.ofNullable(row.getString("promotion_id")),
                Verdict.valueOf(row.getString("verdict")),
                row.getString("sentence"),
                row.getInt("inputs"),
                row.getObject("judged_at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getString("report")));
    }
}
