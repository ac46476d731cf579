package dev.fairlead.control.agent;

import dev.fairlead.control.error.Reason;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the fleet is durable. Every method takes part in the transaction of its thread. */
public interface AgentStore {
    void insertToken(byte[] hash, AgentName agent, String pool, Instant expiresAt);

    /** Locks and reads a join token. */
    Optional<KeptToken> lockToken(byte[] hash);

    void markUsed(byte[] hash, Instant now);

    /** Inserts the agent, or gives an existing one a new pool and key. */
    void enrol(AgentName name, String pool, byte[] publicKey, Admission admission, Instant now);

    Optional<byte[]> publicKey(AgentName name);

    List<Agent> list();

    Optional<Agent> find(AgentName name);

    /** False where there is no such agent. */
    boolean admit(AgentName name, Admission admission);

    void connected(AgentName name, Machine machine, Instant now);

    /** Marks agents as seen; one whose link was lost is connected again. */
    void seen(Collection<Sighting> sightings, Instant now);

    /** Moves an agent's link; answers whether it moved. */
    boolean moveLink(AgentName name, Set<Link> from, Link to, @Nullable Reason why, Instant now);

    /** Agents whose link has been {@code link}, and who were last seen, before {@code since}. */
    List<AgentName> silent(Set<Link> link, Instant since);

    /** Which agents have which of these trees in their cache. */
    Map<String, Set<AgentName>> holders(Collection<String> trees);

    /** A join token as it is kept. */
    record KeptToken(
            AgentName agent,
            String pool,
            Instant expiresAt,
            @Nullable Instant usedAt) {}
}
