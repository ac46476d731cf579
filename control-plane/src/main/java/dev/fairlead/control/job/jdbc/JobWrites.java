package dev.fairlead.control.job.jdbc;

import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.Attempt;
import dev.fairlead.control.job.Fence;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.job.JobStore.NewAttempt;
import dev.fairlead.control.job.JobStore.NewJob;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The statements that write many jobs at once. */
final class JobWrites {
    private static final Map<String, String> NEW = columns(
            "id text",
            "key text",
            "hash text",
            "spec text",
            "priority integer",
            "memory bigint",
            "submitter text",
            "promotion text",
            "traceparent text",
            "submitted timestamptz",
            "attempt integer",
            "agent text",
            "device text",
            "placed_at timestamptz",
            "lease_until timestamptz");
    private static final Map<String, String> CHANGED = columns(
            "id text",
            "state text",
            "reason_code text",
            "reason_sentence text",
            "cancel_requested boolean",
            "due_at timestamptz",
            "finished_at timestamptz",
            "outputs text",
            "result text",
            "attempt integer",
            "attempt_state text",
            "attempt_code text",
            "attempt_sentence text",
            "agent text",
            "device text",
            "fence bigint",
            "placed_at timestamptz",
            "started_at timestamptz",
            "attempt_ended_at timestamptz",
            "lease_until timestamptz",
            "progress real",
            "exit_code integer",
            "sequence bigint");
    private static final Map<String, String> PLACED = columns(
            "id text",
            "number integer",
            "agent text",
            "device text",
            "placed_at timestamptz",
            "lease_until timestamptz");
    private static final Map<String, String> REPLACED = columns("id text", "number integer");

    private static final String INSERT = """
            insert into job (id, idempotency_key, payload_hash, spec, priority, memory_bytes, submitter, promotion_id,
                traceparent, submitted_at, state, attempt, attempt_state, agent, device, fence, placed_at, lease_until, progress,
                exit_code, sequence)
            select id, key, decode(hash, 'hex'), spec, priority, memory, submitter, promotion, traceparent, submitted,
                case attempt when 0 then 'SUBMITTED' else 'PLACED' end, attempt, case attempt when 1 then 'PLACED' end, agent,
                device, case attempt when 1 then nextval('attempt_fence') end, placed_at, lease_until,
                case attempt when 1 then -1 end, case attempt when 1 then -1 end, case attempt when 1 then 0 end
            from %s
            on conflict (idempotency_key) where idempotency_key is not null do nothing
            returning id, fence
            """.formatted(Columns.unnest(NEW));
    private static final String UPDATE = """
            update job set state = u.state, reason_code = u.reason_code, reason_sentence = u.reason_sentence,
                cancel_requested = u.cancel_requested, due_at = u.due_at, finished_at = u.finished_at, outputs = u.outputs,
                result = u.result, attempt = u.attempt, attempt_state = u.attempt_state, attempt_code = u.attempt_code,
                attempt_sentence = u.attempt_sentence, agent = u.agent, device = u.device, fence = u.fence,
                placed_at = u.placed_at, started_at = u.started_at, attempt_ended_at = u.attempt_ended_at,
                lease_until = u.lease_until, progress = u.progress, exit_code = u.exit_code, sequence = u.sequence
            from %s
            where job.id = u.id
            """.formatted(Columns.unnest(CHANGED));
    private static final String PLACE = """
            update job set state = 'PLACED', reason_code = null, reason_sentence = null, due_at = null, attempt = u.number,
                attempt_state = 'PLACED', attempt_code = null, attempt_sentence = null, agent = u.agent, device = u.device,
                fence = nextval('attempt_fence'), placed_at = u.placed_at, started_at = null, attempt_ended_at = null,
                lease_until = u.lease_until, progress = -1, exit_code = -1, sequence = 0
            from %s
            where job.id = u.id and job.attempt = u.number - 1 and job.state in ('SUBMITTED', 'RECOVERING')
            returning job.id, job.fence
            """.formatted(Columns.unnest(PLACED));
    private static final String INTO_THE_PAST = """
            insert into past_attempt (job_id, number, agent, device, fence, state, code, sentence, placed_at, started_at,
                ended_at, lease_until, progress, exit_code, sequence)
            select job.id, job.attempt, job.agent, job.device, job.fence, job.attempt_state, job.attempt_code,
                job.attempt_sentence, job.placed_at, job.started_at, job.attempt_ended_at, job.lease_until, job.progress,
                job.exit_code, job.sequence
            from job join %s on job.id = u.id
            where job.attempt = u.number - 1 and job.state in ('SUBMITTED', 'RECOVERING')
            for update of job
            """.formatted(Columns.unnest(REPLACED));

    private JobWrites() {}

    /** Inserts what has a free key; answers the ids that were inserted, and the fences of those that are placed. */
    static Map<String, Optional<Fence>> insert(Handle handle, List<NewJob> jobs) {
        Columns rows = new Columns(NEW);
        for (NewJob job : jobs) {
            String spec = SpecJson.write(job.job().spec());
            rows.add("id", job.job().id());
            rows.add("key", job.key().isEmpty() ? null : job.key());
            // Nearly always the same: only a specification with references is not kept as it was asked for.
            rows.add("hash", job.asked().equals(job.job().spec()) ? hash(spec) : hash(job));
            rows.add("spec", spec);
            rows.add("priority", job.job().spec().priority());
            rows.add("memory", job.job().spec().resources().memoryBytes());
            rows.add("submitter", job.job().submitter());
            rows.add("promotion", job.job().promotionId());
            rows.add("traceparent", job.job().traceparent());
            rows.add("submitted", job.job().submittedAt());
            NewAttempt first = job.attempt();
            rows.add("attempt", first == null ? 0 : 1);
            rows.add("agent", first == null ? null : first.agent());
            rows.add("device", first == null ? null : first.device());
            rows.add("placed_at", first == null ? null : first.placedAt());
            rows.add("lease_until", first == null ? null : first.leaseUntil());
        }
        var query = handle.createQuery(INSERT);
        rows.bind(query);
        Map<String, Optional<Fence>> inserted = new HashMap<>();
        query.map((row, context) -> Map.entry(row.getString("id"), fence(row.getLong("fence"))))
                .forEach(entry -> inserted.put(entry.getKey(), entry.getValue()));
        return inserted;
    }

    // The sequence starts at 1, and SQL's null reads as 0.
    private static Optional<Fence> fence(long value) {
        return value == 0 ? Optional.empty() : Optional.of(new Fence(value));
    }

    /** SHA-256 of the specification as it was asked for, in hexadecimal. */
    static String hash(NewJob job) {
        return hash(SpecJson.write(job.asked()));
    }

    private static String hash(String spec) {
        try {
            byte[] text = spec.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static Map<JobId, Fence> place(Handle handle, Collection<NewAttempt> attempts) {
        keepPast(handle, attempts);
        Columns rows = new Columns(PLACED);
        for (NewAttempt attempt : attempts) {
            rows.add("id", attempt.id().job());
            rows.add("number", attempt.id().number());
            rows.add("agent", attempt.agent());
            rows.add("device", attempt.device());
            rows.add("placed_at", attempt.placedAt());
            rows.add("lease_until", attempt.leaseUntil());
        }
        var update = handle.createQuery(PLACE);
        rows.bind(update);
        Map<JobId, Fence> fences = new HashMap<>();
        update.map((row, context) -> Map.entry(new JobId(row.getString("id")), new Fence(row.getLong("fence"))))
                .forEach(entry -> fences.put(entry.getKey(), entry.getValue()));
        return fences;
    }

    static void save(Handle handle, Collection<Job> jobs) {
        Columns rows = new Columns(CHANGED);
        for (Job job : jobs) {
            rows.add("id", job.id());
            rows.add("state", job.state());
            reason(rows, "reason", job.reason());
            rows.add("cancel_requested", job.cancelRequested());
            rows.add("due_at", job.dueAt());
            rows.add("finished_at", job.finishedAt());
            rows.add("outputs", job.outputs().isEmpty() ? null : SpecJson.writeOutputs(job.outputs()));
            rows.add("result", job.resultJson().isEmpty() ? null : job.resultJson());
            attempt(rows, job.latest());
        }
        var update = handle.createUpdate(UPDATE);
        rows.bind(update);
        int count = update.execute();
        if (count != jobs.size()) {
            throw new IllegalStateException("job: " + count + " rows of " + jobs.size() + " were updated");
        }
    }

    private static void keepPast(Handle handle, Collection<NewAttempt> attempts) {
        Columns rows = new Columns(REPLACED);
        boolean any = false;
        for (NewAttempt attempt : attempts) {
            if (attempt.id().number() > 1) {
                rows.add("id", attempt.id().job());
                rows.add("number", attempt.id().number());
                any = true;
            }
        }
        if (any) {
            var insert = handle.createUpdate(INTO_THE_PAST);
            rows.bind(insert);
            insert.execute();
        }
    }

    private static void attempt(Columns rows, @Nullable Attempt attempt) {
        rows.add("attempt", attempt == null ? 0 : attempt.id().number());
        rows.add("attempt_state", attempt == null ? null : attempt.state());
        reason(rows, "attempt", attempt == null ? null : attempt.reason());
        rows.add("agent", attempt == null ? null : attempt.agent());
        rows.add("device", attempt == null ? null : attempt.device());
        rows.add("fence", attempt == null ? null : attempt.fence().value());
        rows.add("placed_at", attempt == null ? null : attempt.placedAt());
        rows.add("started_at", attempt == null ? null : attempt.startedAt());
        rows.add("attempt_ended_at", attempt == null ? null : attempt.finishedAt());
        rows.add("lease_until", attempt == null ? null : attempt.leaseUntil());
        rows.add("progress", attempt == null ? null : attempt.progress());
        rows.add("exit_code", attempt == null ? null : attempt.exitCode());
        rows.add("sequence", attempt == null ? null : attempt.sequence());
    }

    private static void reason(Columns rows, String prefix, @Nullable Reason reason) {
        rows.add(prefix + "_code", reason == null ? null : reason.code());
        rows.add(prefix + "_sentence", reason == null ? null : reason.sentence());
    }

    private static Map<String, String> columns(String... declarations) {
        Map<String, String> types = new LinkedHashMap<>();
        for (String declaration : declarations) {
            int space = declaration.indexOf(' ');
            types.put(declaration.substring(0, space), declaration.substring(space + 1));
        }
        return types;
    }
}
