package dev.fairlead.control.job.jdbc;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.Attempt;
import dev.fairlead.control.job.AttemptId;
import dev.fairlead.control.job.AttemptRef;
import dev.fairlead.control.job.Fence;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.job.JobQuery;
import dev.fairlead.control.job.JobSpec;
import dev.fairlead.control.job.JobState;
import dev.fairlead.control.job.JobStore;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** All SQL of jobs. */
@Singleton
public final class JdbiJobStore implements JobStore {
    private final Jdbi jdbi;
    private final SpecCache specs = new SpecCache();

    public JdbiJobStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public List<Kept> insert(List<NewJob> jobs) {
        return jdbi.withHandle(handle -> {
            Map<String, Optional<Fence>> created = JobWrites.insert(handle, jobs);
            Map<String, Taken> taken = created.size() == jobs.size() ? Map.of() : taken(handle, jobs, created.keySet());
            List<Kept> kept = new ArrayList<>();
            for (NewJob job : jobs) {
                Optional<Fence> fence = created.get(job.job().id().value());
                if (fence != null) {
                    specs.put(job.job().id(), job.job().spec());
                    kept.add(new Kept.Created(job.job(), fence.orElse(null)));
                } else {
                    kept.add(existing(job, taken.get(job.key())));
                }
            }
            return kept;
        });
    }

    private static Kept existing(NewJob job, @Nullable Taken other) {
        if (other == null) {
            throw new IllegalStateException("job.idempotency_key: is neither free nor taken for "
                    + job.job().id());
        }
        return other.hash().equals(JobWrites.hash(job)) ? new Kept.Existed(other.id()) : new Kept.Conflict(other.id());
    }

    private record Taken(JobId id, String key, String hash) {}

    private static Map<String, Taken> taken(Handle handle, List<NewJob> jobs, Set<String> created) {
        Object[] keys = jobs.stream()
                .filter(job -> !created.contains(job.job().id().value()))
                .map(NewJob::key)
                .distinct()
                .toArray();
        Map<String, Taken> taken = new HashMap<>();
        handle.createQuery("""
                        select id, idempotency_key, encode(payload_hash, 'hex') as hash from job
                        where idempotency_key = any(:keys)
                        """)
                .bindArray("keys", String.class, keys)
                .map((row, context) -> new Taken(
                        new JobId(row.getString("id")), row.getString("idempotency_key"), row.getString("hash")))
                .forEach(row -> taken.put(row.key(), row));
        return taken;
    }

    @Override
    public Optional<Job> find(JobId id) {
        return jdbi
                .withHandle(handle -> withPast(
                        handle,
                        jobs(
                                handle,
                                handle.createQuery("select " + JobRows.JOB + " from job where id = :id")
                                        .bind("id", id.value()))))
                .stream()
                .findFirst();
    }

    @Override
    public Optional<JobId> findByKey(String key) {
        return jdbi.withHandle(handle -> handle.createQuery("select id from job where idempotency_key = :key")
                .bind("key", key)
                .mapTo(String.class)
                .findOne()
                .map(JobId::new));
    }

    @Override
    public List<Job> list(JobQuery query) {
        JobId before = query.before();
        return jdbi.withHandle(handle -> withPast(
                handle,
                jobs(
                        handle,
                        handle.createQuery("select " + JobRows.JOB + """
                         from job
                        where (:before = '' or id < :before)
                          and (:any_state or state = any(:states))
                          and (cast(:promotion as text) is null or promotion_id = :promotion)
                        order by id desc limit :limit
                        """)
                                .bind("before", before == null ? "" : before.value())
                                .bind("any_state", query.states().isEmpty())
                                .bindArray(
                                        "states",
                                        String.class,
                                        query.states().stream()
                                                .map(JobState::name)
                                                .toArray())
                                .bind("promotion", query.promotionId())
                                .bind("limit", query.limit()))));
    }

    @Override
    public Map<JobId, Job> lock(Collection<JobId> ids) {
        return jdbi.withHandle(handle -> {
            Map<JobId, Job> locked = new LinkedHashMap<>();
            jobs(
                            handle,
                            handle.createQuery("select " + JobRows.JOB
                                            + " from job where id = any(:ids) order by id for update")
                                    .bindArray(
                                            "ids",
                                            String.class,
                                            ids.stream().map(JobId::value).toArray()))
                    .forEach(job -> locked.put(job.id(), job));
            return locked;
        });
    }

    @Override
    public void save(Collection<Job> jobs) {
        if (!jobs.isEmpty()) {
            jdbi.useHandle(handle -> JobWrites.save(handle, jobs));
        }
    }

    @Override
    public Map<JobId, Fence> place(Collection<NewAttempt> attempts) {
        return attempts.isEmpty() ? Map.of() : jdbi.withHandle(handle -> JobWrites.place(handle, attempts));
    }

    @Override
    public Set<AttemptRef> renew(Collection<AttemptRef> attempts, AgentName agent, Instant until) {
        return jdbi.withHandle(handle -> new HashSet<>(handle.createQuery("""
                        update job set lease_until = cast(:until as timestamptz)
                        from unnest(:ids, cast(:numbers as integer[]), cast(:fences as bigint[])) as u(id, number, fence)
                        where job.id = u.id and job.attempt = u.number and job.fence = u.fence and job.agent = :agent
                          and job.attempt_state in ('PLACED', 'STAGING', 'RUNNING')
                        returning job.id, job.attempt, job.fence
                        """)
                .bind("until", until.toString())
                .bind("agent", agent.value())
                .bindArray(
                        "ids",
                        String.class,
                        attempts.stream().map(ref -> ref.id().job().value()).toArray())
                .bindArray(
                        "numbers",
                        String.class,
                        attempts.stream()
                                .map(ref -> Integer.toString(ref.id().number()))
                                .toArray())
                .bindArray(
                        "fences",
                        String.class,
                        attempts.stream()
                                .map(ref -> Long.toString(ref.fence().value()))
                                .toArray())
                .map((row, context) -> new AttemptRef(
                        new AttemptId(new JobId(row.getString("id")), row.getInt("attempt")),
                        new Fence(row.getLong("fence"))))
                .list()));
    }

    @Override
    public List<Job> waiting(Instant now, int offset, int limit) {
        return jdbi.withHandle(handle -> jobs(
                handle,
                handle.createQuery("select " + JobRows.JOB + """
                         from job
                        where state in ('SUBMITTED', 'RECOVERING') and (due_at is null or due_at <= cast(:now as timestamptz))
                        order by priority desc, id offset :offset limit :limit
                        """)
                        .bind("now", now.toString())
                        .bind("offset", offset)
                        .bind("limit", limit)));
    }

    @Override
    public void explain(Map<JobId, Reason> reasons) {
        if (reasons.isEmpty()) {
            return;
        }
        List<Map.Entry<JobId, Reason>> rows = List.copyOf(reasons.entrySet());
        jdbi.useHandle(handle -> handle.createUpdate("""
                        update job set reason_code = u.code, reason_sentence = u.sentence
                        from unnest(:ids, :codes, :sentences) as u(id, code, sentence)
                        where job.id = u.id and job.state in ('SUBMITTED', 'RECOVERING')
                        """)
                .bindArray(
                        "ids",
                        String.class,
                        rows.stream().map(row -> row.getKey().value()).toArray())
                .bindArray(
                        "codes",
                        String.class,
                        rows.stream().map(row -> row.getValue().code()).toArray())
                .bindArray(
                        "sentences",
                        String.class,
                        rows.stream().map(row -> row.getValue().sentence()).toArray())
                .execute());
    }

    @Override
    public List<Job> heldBy(Collection<AgentName> agents) {
        return jdbi.withHandle(handle -> jobs(
                handle,
                handle.createQuery("select " + JobRows.JOB + """
                         from job
                        where state in ('PLACED', 'STAGING', 'RUNNING', 'UNKNOWN') and agent = any(:agents) order by id
                        """)
                        .bindArray(
                                "agents",
                                String.class,
                                agents.stream().map(AgentName::value).toArray())));
    }

    @Override
    public Standing standing(Instant now) {
        List<Holding> holdings = new ArrayList<>();
        boolean queued = jdbi.withHandle(handle -> handle.createQuery("""
                        select agent, device, count(*) as attempts, sum(memory_bytes) as memory, false as queued from job
                        where state in ('PLACED', 'STAGING', 'RUNNING', 'UNKNOWN') group by agent, device
                        union all
                        select '', '', 0, 0, exists (select from job
                            where state in ('SUBMITTED', 'RECOVERING')
                              and (due_at is null or due_at <= cast(:now as timestamptz)))
                        """)
                .bind("now", now.toString())
                .reduceRows(false, (queue, row) -> {
                    String agent = row.getColumn("agent", String.class);
                    if (!agent.isEmpty()) {
                        holdings.add(new Holding(
                                new AgentName(agent),
                                row.getColumn("device", String.class),
                                row.getColumn("attempts", Integer.class),
                                row.getColumn("memory", Long.class)));
                    }
                    return queue || row.getColumn("queued", Boolean.class);
                }));
        return new Standing(holdings, queued);
    }

    @Override
    public List<JobId> leaseOver(Instant now, int limit) {
        return ids("""
                select id from job
                where state in ('PLACED', 'STAGING', 'RUNNING', 'UNKNOWN') and state <> 'UNKNOWN'
                  and lease_until < cast(:now as timestamptz)
                order by lease_until limit :limit
                """, now, limit);
    }

    @Override
    public List<JobId> graceOver(Instant now, int limit) {
        return ids("""
                select id from job
                where state in ('PLACED', 'STAGING', 'RUNNING', 'UNKNOWN') and state = 'UNKNOWN'
                  and due_at <= cast(:now as timestamptz)
                order by due_at limit :limit
                """, now, limit);
    }

    @Override
    public Map<JobState, Long> counts() {
        Map<JobState, Long> counts = new EnumMap<>(JobState.class);
        jdbi.useHandle(handle -> handle.createQuery("""
                        select state, count(*) as jobs from job where state in ('SUBMITTED', 'RECOVERING') group by state
                        union all
                        select state, count(*) as jobs from job
                        where state in ('PLACED', 'STAGING', 'RUNNING', 'UNKNOWN') group by state
                        """)
                .map((row, context) -> Map.entry(JobState.valueOf(row.getString("state")), row.getLong("jobs")))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue())));
        return counts;
    }

    private List<JobId> ids(String sql, Instant now, int limit) {
        return jdbi.withHandle(handle -> handle.createQuery(sql)
                .bind("now", now.toString())
                .bind("limit", limit)
                .mapTo(String.class)
                .map(JobId::new)
                .list());
    }

    private List<Job> jobs(Handle handle, Query query) {
        // Rows first: the specifications that are not cached come in one more query.
        List<Job> rows = query.map((row, context) -> JobRows.job(row)).list();
        Map<JobId, JobSpec> known = new HashMap<>();
        List<String> absent = new ArrayList<>();
        for (Job row : rows) {
            JobSpec spec = specs.get(row.id());
            if (spec == null) {
                absent.add(row.id().value());
            } else {
                known.put(row.id(), spec);
            }
        }
        if (!absent.isEmpty()) {
            handle.createQuery("select id, spec from job where id = any(:ids)")
                    .bindArray("ids", String.class, absent.toArray())
                    .map((row, context) ->
                            Map.entry(new JobId(row.getString("id")), SpecJson.read(row.getString("spec"))))
                    .forEach(entry -> {
                        specs.put(entry.getKey(), entry.getValue());
                        known.put(entry.getKey(), entry.getValue());
                    });
        }
        return rows.stream()
                .map(row -> row.with(known.getOrDefault(row.id(), row.spec())))
                .toList();
    }

    private static List<Job> withPast(Handle handle, List<Job> jobs) {
        Object[] retried = jobs.stream()
                .filter(job ->
                        job.attempts().stream().anyMatch(attempt -> attempt.id().number() > 1))
                .map(job -> job.id().value())
                .toArray();
        if (retried.length == 0) {
            return jobs;
        }
        Map<JobId, List<Attempt>> past = new HashMap<>();
        handle.createQuery("select " + JobRows.PAST
                        + " from past_attempt where job_id = any(:ids) order by job_id, number")
                .bindArray("ids", String.class, retried)
                .map((row, context) -> JobRows.attempt(row, new JobId(row.getString("id"))))
                .forEach(attempt -> past.computeIfAbsent(attempt.id().job(), id -> new ArrayList<>())
                        .add(attempt));
        return jobs.stream()
                .map(job -> job.withPast(past.getOrDefault(job.id(), List.of())))
                .toList();
    }
}
