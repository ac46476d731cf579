package dev.fairlead.control.agent.jdbc;

import dev.fairlead.control.agent.Admission;
import dev.fairlead.control.agent.Agent;
import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.agent.AgentStore;
import dev.fairlead.control.agent.Link;
import dev.fairlead.control.agent.Machine;
import dev.fairlead.control.agent.Sighting;
import dev.fairlead.control.error.Reason;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** All SQL of the fleet. */
@Singleton
public final class JdbiAgentStore implements AgentStore {
    private static final String AGENT = """
            select name, pool, admission, link, reason_code, reason_sentence, machine, free_bytes, enrolled_at, last_seen_at
            from agent
            """;

    private final Jdbi jdbi;
    private final MachineJson machines = new MachineJson();

    public JdbiAgentStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public void insertToken(byte[] hash, AgentName agent, String pool, Instant expiresAt) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into join_token (hash, agent, pool, expires_at)
                        values (:hash, :agent, :pool, cast(:expires as timestamptz))
                        """)
                .bind("hash", hash)
                .bind("agent", agent.value())
                .bind("pool", pool)
                .bind("expires", expiresAt.toString())
                .execute());
    }

    @Override
    public Optional<KeptToken> lockToken(byte[] hash) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select agent, pool, expires_at, used_at from join_token where hash = :hash for update")
                .bind("hash", hash)
                .map((row, context) -> new KeptToken(
                        new AgentName(row.getString("agent")),
                        row.getString("pool"),
                        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                        instant(row, "used_at")))
                .findOne());
    }

    @Override
    public void markUsed(byte[] hash, Instant now) {
        int count = jdbi.withHandle(handle -> handle.createUpdate(
                        "update join_token set used_at = cast(:now as timestamptz) where hash = :hash and used_at is null")
                .bind("hash", hash)
                .bind("now", now.toString())
                .execute());
        if (count != 1) {
            throw new IllegalStateException("join_token: " + count + " rows were marked as used");
        }
    }

    @Override
    public void enrol(AgentName name, String pool, byte[] publicKey, Admission admission, Instant now) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into agent (name, pool, public_key, admission, link, link_since, enrolled_at)
                        values (:name, :pool, :key, :admission, 'OFFLINE', cast(:now as timestamptz), cast(:now as timestamptz))
                        on conflict (name) do update set pool = excluded.pool, public_key = excluded.public_key,
                            admission = excluded.admission, enrolled_at = excluded.enrolled_at
                        """)
                .bind("name", name.value())
                .bind("pool", pool)
                .bind("key", publicKey)
                .bind("admission", admission.name())
                .bind("now", now.toString())
                .execute());
    }

    @Override
    public Optional<byte[]> publicKey(AgentName name) {
        return jdbi.withHandle(handle -> handle.createQuery("select public_key from agent where name = :name")
                .bind("name", name.value())
                .map((row, context) -> row.getBytes("public_key"))
                .findOne());
    }

    @Override
    public List<Agent> list() {
        return jdbi.withHandle(handle -> handle.createQuery(AGENT + " order by name")
                .map((row, context) -> agent(row))
                .list());
    }

    @Override
    public Optional<Agent> find(AgentName name) {
        return jdbi.withHandle(handle -> handle.createQuery(AGENT + " where name = :name")
                .bind("name", name.value())
                .map((row, context) -> agent(row))
                .findOne());
    }

    @Override
    public boolean admit(AgentName name, Admission admission) {
        return jdbi.withHandle(handle -> handle.createUpdate("update agent set admission = :to where name = :name")
                        .bind("to", admission.name())
                        .bind("name", name.value())
                        .execute())
                == 1;
    }

    @Override
    public void connected(AgentName name, Machine machine, Instant now) {
        int count = jdbi.withHandle(handle -> handle.createUpdate("""
                        update agent set link = 'CONNECTED', link_since = cast(:now as timestamptz), machine = :machine,
                            free_bytes = '{}', reason_code = null, reason_sentence = null,
                            last_seen_at = cast(:now as timestamptz)
                        where name = :name
                        """)
                .bind("name", name.value())
                .bind("machine", machines.write(machine))
                .bind("now", now.toString())
                .execute());
        if (count != 1) {
            throw new IllegalStateException("agent: " + name + " is not enrolled");
        }
    }

    @Override
    public void seen(Collection<Sighting> sightings, Instant now) {
        jdbi.useHandle(handle -> {
            handle.createUpdate("""
                            update agent set last_seen_at = cast(:now as timestamptz), free_bytes = u.free, link = u.link,
                                link_since = case when agent.link = u.link then link_since else cast(:now as timestamptz) end,
                                reason_code = null, reason_sentence = null
                            from unnest(:names, :free, :links) as u(name, free, link)
                            where agent.name = u.name
                            """)
                    .bind("now", now.toString())
                    .bindArray(
                            "names",
                            String.class,
                            sightings.stream().map(seen -> seen.agent().value()).toArray())
                    .bindArray(
                            "free",
                            String.class,
                            sightings.stream()
                                    .map(seen -> machines.write(seen.freeBytes()))
                                    .toArray())
                    .bindArray(
                            "links",
                            String.class,
                            sightings.stream()
                                    .map(seen -> (seen.leaving() ? Link.LEAVING : Link.CONNECTED).name())
                                    .toArray())
                    .execute();
            for (Sighting seen : sightings) {
                cache(handle, seen);
            }
        });
    }

    private static void cache(Handle handle, Sighting seen) {
        if (!seen.cached().isEmpty()) {
            handle.createUpdate("""
                            insert into agent_tree (agent, tree) select :agent, tree from unnest(:trees) as u(tree)
                            on conflict do nothing
                            """)
                    .bind("agent", seen.agent().value())
                    .bindArray("trees", String.class, seen.cached().toArray())
                    .execute();
        }
        if (!seen.evicted().isEmpty()) {
            handle.createUpdate("delete from agent_tree where agent = :agent and tree = any(:trees)")
                    .bind("agent", seen.agent().value())
                    .bindArray("trees", String.class, seen.evicted().toArray())
                    .execute();
        }
    }

    @Override
    public boolean moveLink(AgentName name, Set<Link> from, Link to, @Nullable Reason why, Instant now) {
        return jdbi.withHandle(handle -> handle.createUpdate("""
                                update agent set link = :to, link_since = cast(:now as timestamptz), reason_code = :code,
                                    reason_sentence = :sentence
                                where name = :name and link = any(:from)
                                """)
                        .bind("name", name.value())
                        .bind("to", to.name())
                        .bindArray(
                                "from",
                                String.class,
                                from.stream().map(Link::name).toArray())
                        .bind("code", why == null ? null : why.code())
                        .bind("sentence", why == null ? null : why.sentence())
                        .bind("now", now.toString())
                        .execute())
                == 1;
    }

    @Override
    public List<AgentName> silent(Set<Link> link, Instant since) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select name from agent
                        where link = any(:link) and greatest(link_since, last_seen_at) < cast(:since as timestamptz)
                        """)
                .bindArray("link", String.class, link.stream().map(Link::name).toArray())
                .bind("since", since.toString())
                .mapTo(String.class)
                .map(AgentName::new)
                .list());
    }

    @Override
    public Map<String, Set<AgentName>> holders(Collection<String> trees) {
        Map<String, Set<AgentName>> holders = new HashMap<>();
        jdbi.useHandle(handle -> handle.createQuery("select tree, agent from agent_tree where tree = any(:trees)")
                .bindArray("trees", String.class, new ArrayList<>(trees).toArray())
                .map((row, context) -> Map.entry(row.getString("tree"), new AgentName(row.getString("agent"))))
                .forEach(entry -> holders.computeIfAbsent(entry.getKey(), tree -> new HashSet<>())
                        .add(entry.getValue())));
        return holders;
    }

    private Agent agent(ResultSet row) throws SQLException {
        AgentName name = new AgentName(row.getString("name"));
        String code = row.getString("reason_code");
        String machine = row.getString("machine");
        return new Agent(
                name,
                row.getString("pool"),
                Admission.valueOf(row.getString("admission")),
                Link.valueOf(row.getString("link")),
                code == null ? null : new Reason(code, row.getString("reason_sentence")),
                machine == null ? Machine.NOT_KNOWN : machines.read(name, machine),
                machines.readFree(row.getString("free_bytes")),
                row.getObject("enrolled_at", OffsetDateTime.class).toInstant(),
                instant(row, "last_seen_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
