package dev.fairlead.control.promotion.jdbc;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.model.ModelFormat;
import dev.fairlead.control.promotion.Evidence;
import dev.fairlead.control.promotion.Judgement;
import dev.fairlead.control.promotion.Overruling;
import dev.fairlead.control.promotion.Phase;
import dev.fairlead.control.promotion.PolicyJson;
import dev.fairlead.control.promotion.Promotion;
import dev.fairlead.control.promotion.PromotionId;
import dev.fairlead.control.promotion.State;
import dev.fairlead.control.promotion.Step;
import dev.fairlead.control.promotion.Target;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a row of {@code promotion} to the record. */
final class PromotionRows {
    private PromotionRows() {}

    static Promotion promotion(ResultSet row, List<Promotion.Change> history) throws SQLException {
        return new Promotion(
                new PromotionId(row.getString("id")),
                row.getLong("revision"),
                new Promotion.Start(
                        row.getString("idempotency_key"),
                        row.getString("requested_ref"),
                        digest(row, "requested_suite"),
                        row.getString("model"),
                        row.getInt("version"),
                        Digest.parse(row.getString("source_digest"), "source_digest"),
                        ModelFormat.valueOf(row.getString("source_format")),
                        Digest.parse(row.getString("suite_digest"), "suite_digest"),
                        row.getString("started_by"),
                        row.getString("traceparent")),
                PolicyJson.environment(row.getString("environment_json")),
                state(row),
                new Reason(row.getString("reason_code"), row.getString("reason_sentence")),
                jobs(row),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                instant(row, "finished_at"),
                history,
                overruling(row));
    }

    private static Optional<Overruling> overruling(ResultSet row) throws SQLException {
        String by = row.getString("override_by");
        return by == null
                ? Optional.empty()
                : Optional.of(new Overruling(
                        by, instant(row, "override_at").orElseThrow(), row.getString("override_reason")));
    }

    static Promotion.Change change(ResultSet row) throws SQLException {
        return new Promotion.Change(
                Phase.valueOf(row.getString("from_state")),
                Phase.valueOf(row.getString("to_state")),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                new Reason(row.getString("reason_code"), row.getString("reason_sentence")));
    }

    private static State state(ResultSet row) throws SQLException {
        Optional<Digest> candidate = digest(row, "candidate_digest");
        Optional<Judgement> judgement = judgement(row);
        Optional<String> approvedBy = Optional.ofNullable(row.getString("approved_by"));
        Optional<Target> previous = previous(row);
        return switch (Phase.valueOf(row.getString("state"))) {
            case CONVERTING -> new State.Converting();
            case VALIDATING -> new State.Validating(candidate.orElseThrow(), judgement);
            case AWAITING_APPROVAL -> new State.AwaitingApproval(candidate.orElseThrow(), judgement.orElseThrow());
            case DEPLOYING -> new State.Deploying(candidate.orElseThrow(), judgement.orElseThrow(), approvedBy);
            case PROMOTED -> new State.Promoted(candidate.orElseThrow(), judgement.orElseThrow(), approvedBy, previous);
            case REJECTED -> new State.Rejected(new Evidence(candidate, judgement));
            case ABORTED -> new State.Aborted(new Evidence(candidate, judgement));
            case ROLLED_BACK ->
                new State.RolledBack(candidate.orElseThrow(), judgement.orElseThrow(), approvedBy, previous);
        };
    }

    private static Optional<Judgement> judgement(ResultSet row) throws SQLException {
        Optional<Digest> report = digest(row, "report_digest");
        return report.isEmpty()
                ? Optional.empty()
                : Optional.of(new Judgement(
                        report.get(),
                        Judgement.Verdict.valueOf(row.getString("verdict")),
                        row.getString("verdict_sentence")));
    }

    private static Optional<Target> previous(ResultSet row) throws SQLException {
        Optional<Digest> tree = digest(row, "previous_digest");
        return tree.isEmpty()
                ? Optional.empty()
                : Optional.of(new Target(
                        row.getInt("previous_version"),
                        tree.get(),
                        ModelFormat.valueOf(row.getString("previous_format")),
                        row.getString("previous_promotion")));
    }

    private static Map<Step, JobId> jobs(ResultSet row) throws SQLException {
        Map<Step, JobId> jobs = new EnumMap<>(Step.class);
        for (Step step : Step.values()) {
            String id = row.getString(column(step));
            if (id != null) {
                jobs.put(step, new JobId(id));
            }
        }
        return jobs;
    }

    static String column(Step step) {
        return switch (step) {
            case CONVERT -> "convert_job";
            case REFERENCE -> "reference_job";
            case CANDIDATE -> "candidate_job";
            case REFERENCE64 -> "reference64_job";
            case CANDIDATE64 -> "candidate64_job";
            case COMPARE -> "compare_job";
        };
    }

    private static Optional<Digest> digest(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? Optional.empty() : Optional.of(Digest.parse(text, column));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        @Nullable OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? Optional.empty() : Optional.of(time.toInstant());
    }
}
