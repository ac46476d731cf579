package dev.fairlead.control.agent;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.event.Changes;
import dev.fairlead.control.event.Topic;
import dev.fairlead.control.tx.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The machines that may take work. Every change signals {@code Topic.AGENTS}. */
public final class Fleet {
    static final Duration RECENT = Duration.ofMillis(500);
    private static final Set<Link> PRESENT = EnumSet.of(Link.CONNECTED, Link.LEAVING);

    private final Transactions transactions;
    private final AgentStore store;
    private final Changes changes;
    private final InstantSource clock;
    private final Patience patience;
    private final AtomicInteger version = new AtomicInteger();
    private volatile @Nullable Seen seen;

    private record Seen(List<Agent> agents, int version, Instant at) {}

    public Fleet(Transactions transactions, AgentStore store, Changes changes, InstantSource clock, Patience patience) {
        this.transactions = transactions;
        this.store = store;
        this.changes = changes;
        this.clock = clock;
        this.patience = patience;
        changes.listen(Topic.AGENTS, version::incrementAndGet);
    }

    /**
     * How long silence is borne.
     *
     * @param silence without a heartbeat, until an agent counts as unreachable though its stream stands
     * @param grace from UNREACHABLE to OFFLINE
     */
    public record Patience(Duration silence, Duration grace) {}

    public List<Agent> list() {
        return store.list();
    }

    /**
     * All agents as they were at most {@link #RECENT} ago, and never older than a change made through this process. For the
     * scheduler, which asks many times a second: what it misses, a placement's lease corrects.
     */
    public List<Agent> recent() {
        Instant now = clock.instant();
        Seen known = seen;
        if (known == null
                || known.version() != version.get()
                || now.isAfter(known.at().plus(RECENT))) {
            int before = version.get();
            known = new Seen(List.copyOf(list()), before, now);
            seen = known;
        }
        return known.agents();
    }

    public Agent get(AgentName name) {
        return store.find(name)
                .orElseThrow(
                        () -> new FairleadException(ErrorCode.AGENT_NOT_FOUND, "name", "there is no agent " + name));
    }

    /** Lets a PENDING agent take work; an approved one stays as it is. */
    public Agent approve(AgentName name) {
        return get(name).admission() == Admission.PENDING ? admit(name, Admission.ADMITTED) : get(name);
    }

    /** Stops new work from reaching the agent. */
    public Agent drain(AgentName name) {
        return admit(name, Admission.DRAINING);
    }

    /** Undoes {@link #drain}. */
    public Agent resume(AgentName name) {
        return get(name).admission() == Admission.DRAINING ? admit(name, Admission.ADMITTED) : get(name);
    }

    /** The agent's stream is up. */
    public Agent connected(AgentName name, Machine machine) {
        return transactions.call(() -> {
            store.connected(name, machine, clock.instant());
            changes.signal(Topic.AGENTS);
            return get(name);
        });
    }

    /** Takes heartbeats in, many at once. */
    public void seen(Collection<Sighting> sightings) {
        transactions.run(() -> store.seen(sightings, clock.instant()));
    }

    /** The agent's stream broke. */
    public void disconnected(AgentName name, String sentence) {
        lost(name, PRESENT, Link.UNREACHABLE, new Reason("StreamClosed", sentence));
    }

    /** Moves agents whose silence is too long. */
    public void sweep() {
        Instant now = clock.instant();
        for (AgentName name : store.silent(PRESENT, now.minus(patience.silence()))) {
            lost(
                    name,
                    PRESENT,
                    Link.UNREACHABLE,
                    new Reason(
                            "NoHeartbeat",
                            "no heartbeat for " + patience.silence().toSeconds() + " s"));
        }
        Set<Link> unreachable = EnumSet.of(Link.UNREACHABLE);
        for (AgentName name : store.silent(unreachable, now.minus(patience.grace()))) {
            lost(
                    name,
                    unreachable,
                    Link.OFFLINE,
                    new Reason(
                            "Offline",
                            "not reachable for more than " + patience.grace().toSeconds() + " s"));
        }
    }

    /** Which agents have which of these trees in their cache. */
    public Map<String, Set<AgentName>> holders(Collection<String> trees) {
        return trees.isEmpty() ? Map.of() : store.holders(trees);
    }

    private Agent admit(AgentName name, Admission admission) {
        return transactions.call(() -> {
            if (!store.admit(name, admission)) {
                throw new FairleadException(ErrorCode.AGENT_NOT_FOUND, "name", "there is no agent " + name);
            }
            changes.signal(Topic.AGENTS);
            return get(name);
        });
    }

    private void lost(AgentName name, Set<Link> from, Link to, Reason why) {
        transactions.run(() -> {
            if (store.moveLink(name, from, to, why, clock.instant())) {
                changes.signal(Topic.AGENTS);
            }
        });
    }

    /** Why an agent takes no work now; empty where it does. */
    public static Optional<Reason> reason(Agent agent) {
        return switch (agent.state()) {
            case READY -> Optional.empty();
            case PENDING -> Optional.of(new Reason("AgentPending", "agent " + agent.name() + " waits for approval"));
            case DRAINING ->
                Optional.of(
                        new Reason("AgentDraining", "agent " + agent.name() + " finishes its work and takes no more"));
            case UNREACHABLE ->
                Optional.of(
                        new Reason("AgentUnreachable", "agent " + agent.name() + " lost its stream; it may come back"));
            case OFFLINE -> Optional.of(new Reason("AgentOffline", "agent " + agent.name() + " is offline"));
        };
    }
}
