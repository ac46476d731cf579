package dev.fairlead.control.promotion.jdbc;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.promotion.Phase;
import dev.fairlead.control.promotion.PolicyJson;
import dev.fairlead.control.promotion.Promotion;
import dev.fairlead.control.promotion.PromotionId;
import dev.fairlead.control.promotion.PromotionStore;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** The tables {@code promotion} and {@code promotion_change}. */
@Singleton
final class JdbiPromotionStore implements PromotionStore {
    private static final String UNIQUE_VIOLATION = "23505";

    private static final String SELECT = """
            select id, revision, idempotency_key, requested_ref, requested_suite, model, version, environment,
                   environment_json, state, reason_code, reason_sentence, source_digest, source_format, suite_digest,
                   candidate_digest, report_digest, verdict, verdict_sentence, convert_job, reference_job,
                   candidate_job, reference64_job, candidate64_job, compare_job, traceparent, started_by, approved_by,
                   started_at, finished_at, previous_version, previous_digest, previous_format, previous_promotion,
                   override_by, override_at, override_reason
            from promotion
            """;

    private static final String ACTIVE = "state in ('CONVERTING', 'VALIDATING', 'AWAITING_APPROVAL', 'DEPLOYING')";

    private final Jdbi jdbi;

    JdbiPromotionStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public void insert(Promotion promotion) {
        Promotion.Start start = promotion.start();
        try {
            jdbi.useHandle(handle -> {
                int rows = PromotionBindings.bind(handle.createUpdate("""
                                insert into promotion
                                    (id, revision, idempotency_key, requested_ref, requested_suite, model, version,
                                     environment, environment_json, state, reason_code, reason_sentence, source_digest,
                                     source_format, suite_digest, candidate_digest, report_digest, verdict,
                                     verdict_sentence, convert_job, reference_job, candidate_job, reference64_job,
                                     candidate64_job, compare_job, traceparent, started_by, approved_by, started_at,
                                     finished_at, previous_version, previous_digest, previous_format, previous_promotion)
                                values
                                    (:id, :revision, :key, :ref, :requestedSuite, :model, :version,
                                     :environment, cast(:environmentJson as jsonb), :state, :code, :sentence, :source,
                                     :sourceFormat, :suite, :candidate, :report, :verdict,
                                     :verdictSentence, :convertJob, :referenceJob, :candidateJob, :reference64Job,
                                     :candidate64Job, :compareJob,
                                     :traceparent, :by, :approvedBy, :startedAt, :finishedAt,
                                     :previousVersion, :previousTree, :previousFormat, :previousPromotion)
                                """), promotion)
                        .bind("key", start.key())
                        .bind("ref", start.ref())
                        .bind("requestedSuite", PromotionBindings.text(start.requestedSuite()))
                        .bind("model", start.model())
                        .bind("version", start.version())
                        .bind("environment", promotion.environment().name())
                        .bind("environmentJson", PolicyJson.write(promotion.environment()))
                        .bind("source", start.source().toString())
                        .bind("sourceFormat", start.sourceFormat().name())
                        .bind("suite", start.suite().toString())
                        .bind("traceparent", start.traceparent())
                        .bind("by", start.by())
                        .bind("startedAt", promotion.startedAt().atOffset(ZoneOffset.UTC))
                        .execute();
                requireOne(rows, promotion);
            });
        } catch (UnableToExecuteStatementException e) {
            if (e.getCause() instanceof SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState())) {
                throw new FairleadException(
                        ErrorCode.LOST_RACE,
                        "",
                        "another promotion of %s started at the same time".formatted(promotion.alias()),
                        e);
            }
            throw e;
        }
    }

    @Override
    public Promotion update(Promotion promotion) {
        return jdbi.withHandle(handle -> {
            int rows =
                    PromotionBindings.bind(handle.createUpdate("""
                            update promotion set
                                revision = revision + 1,
                                state = :state,
                                reason_code = :code,
                                reason_sentence = :sentence,
                                candidate_digest = :candidate,
                                report_digest = :report,
                                verdict = :verdict,
                                verdict_sentence = :verdictSentence,
                                convert_job = :convertJob,
                                reference_job = :referenceJob,
                                candidate_job = :candidateJob,
                                reference64_job = :reference64Job,
                                candidate64_job = :candidate64Job,
                                compare_job = :compareJob,
                                approved_by = :approvedBy,
                                finished_at = :finishedAt,
                                previous_version = :previousVersion,
                                previous_digest = :previousTree,
                                previous_format = :previousFormat,
                                previous_promotion = :previousPromotion,
                                override_by = :overrideBy,
                                override_at = :overrideAt,
                                override_reason = :overrideReason
                            where id = :id and revision = :revision
                            """), promotion).execute();
            if (rows == 0) {
                throw new FairleadException(
                        ErrorCode.LOST_RACE,
                        "",
                        "promotion %s has changed since revision %d".formatted(promotion.id(), promotion.revision()));
            }
            requireOne(rows, promotion);
            addHistory(handle, promotion);
            return promotion.at(promotion.revision() + 1);
        });
    }

    @Override
    public Optional<Promotion> find(PromotionId id) {
        return one("where id = :value", Map.of("value", id.value()));
    }

    @Override
    public Optional<Promotion> findByKey(String key) {
        return one("where idempotency_key = :value", Map.of("value", key));
    }

    @Override
    public Optional<Promotion> findActive(String model, String environment) {
        return one(
                "where model = :model and environment = :environment and " + ACTIVE,
                Map.of("model", model, "environment", environment));
    }

    @Override
    public List<PromotionId> active() {
        return jdbi.withHandle(handle -> handle.createQuery("select id from promotion where " + ACTIVE + " order by id")
                .mapTo(String.class)
                .map(PromotionId::new)
                .list());
    }

    @Override
    public List<Promotion> list(int limit, @Nullable PromotionId before, @Nullable String model) {
        Map<String, Object> values = new HashMap<>();
        values.put("limit", limit);
        String where = "where true";
        if (before != null) {
            where += " and id < :before";
            values.put("before", before.value());
        }
        if (model != null) {
            where += " and model = :model";
            values.put("model", model);
        }
        return many(where + " order by id desc limit :limit", values);
    }

    @Override
    public Map<Phase, Long> count() {
        return jdbi.withHandle(handle -> handle.createQuery("select state, count(*) as n from promotion group by state")
                .reduceRows(new EnumMap<>(Phase.class), (counts, row) -> {
                    counts.put(Phase.valueOf(row.getColumn("state", String.class)), row.getColumn("n", Long.class));
                    return counts;
                }));
    }

    @Override
    public Set<Digest> referencedTrees() {
        return Set.copyOf(jdbi.withHandle(handle -> handle.createQuery("""
                        select source_digest as tree from promotion
                        union select suite_digest from promotion
                        union select candidate_digest from promotion where candidate_digest is not null
                        union select report_digest from promotion where report_digest is not null
                        union select previous_digest from promotion where previous_digest is not null
                        """)
                .mapTo(String.class)
                .map(text -> Digest.parse(text, "tree"))
                .list()));
    }

    private Optional<Promotion> one(String where, Map<String, Object> values) {
        return many(where, values).stream().findFirst();
    }

    private List<Promotion> many(String where, Map<String, Object> values) {
        return jdbi.withHandle(handle -> {
            Query ids = handle.createQuery("select id from promotion " + where);
            List<String> wanted = ids.bindMap(values).mapTo(String.class).list();
            if (wanted.isEmpty()) {
                return List.of();
            }
            Map<String, List<Promotion.Change>> history = history(handle, wanted);
            Query rows = handle.createQuery(SELECT + "where id = any(:ids) order by id desc");
            return rows.bindArray("ids", String.class, wanted)
                    .map((row, context) ->
                            PromotionRows.promotion(row, history.getOrDefault(row.getString("id"), List.of())))
                    .list();
        });
    }

    private static Map<String, List<Promotion.Change>> history(Handle handle, List<String> ids) {
        Map<String, List<Promotion.Change>> all = new HashMap<>();
        handle.createQuery("""
                        select promotion_id, from_state, to_state, at, reason_code, reason_sentence
                        from promotion_change where promotion_id = any(:ids)
                        order by promotion_id, number
                        """)
                .bindArray("ids", String.class, ids)
                .map((row, context) -> Map.entry(row.getString("promotion_id"), PromotionRows.change(row)))
                .forEach(entry -> all.computeIfAbsent(entry.getKey(), id -> new ArrayList<>())
                        .add(entry.getValue()));
        return all;
    }

    // The history only grows, so rows that are there already are the same rows.
    private static void addHistory(Handle handle, Promotion promotion) {
        for (int number = 1; number <= promotion.history().size(); number++) {
            Promotion.Change change = promotion.history().get(number - 1);
            handle.createUpdate("""
                            insert into promotion_change
                                (promotion_id, number, from_state, to_state, at, reason_code, reason_sentence)
                            values (:id, :number, :from, :to, :at, :code, :sentence)
                            on conflict (promotion_id, number) do nothing
                            """)
                    .bind("id", promotion.id().value())
                    .bind("number", number)
                    .bind("from", change.from().name())
                    .bind("to", change.to().name())
                    .bind("at", change.at().atOffset(ZoneOffset.UTC))
                    .bind("code", change.reason().code())
                    .bind("sentence", change.reason().sentence())
                    .execute();
        }
    }

    private static void requireOne(int rows, Promotion promotion) {
        if (rows != 1) {
            throw new IllegalStateException("promotion " + promotion.id() + " took " + rows + " rows");
        }
    }
}
