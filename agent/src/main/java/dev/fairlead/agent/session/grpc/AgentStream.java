package dev.fairlead.agent.session.grpc;

import dev.fairlead.agent.artifact.Cache;
import dev.fairlead.agent.artifact.Digest;
import dev.fairlead.agent.attempt.Attempt;
import dev.fairlead.agent.attempt.AttemptKey;
import dev.fairlead.agent.attempt.Executor;
import dev.fairlead.agent.machine.MachineProbe;
import dev.fairlead.agent.retry.Backoff;
import dev.fairlead.agent.session.SentHeartbeats;
import dev.fairlead.proto.v1.AgentMessage;
import dev.fairlead.proto.v1.AgentsGrpc;
import dev.fairlead.proto.v1.Heartbeat;
import dev.fairlead.proto.v1.Hello;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the agent's one stream open: says what runs, renews leases, sends what is new, and connects again after a
 * growing wait when it breaks. The attempts do not notice.
 */
public final class AgentStream implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentStream.class);

    private final Link link;
    private final Agent agent;
    private final StreamSettings settings;
    private final Backoff backoff;
    private final Events events;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable StreamConnection current;
    private volatile boolean drainAsked;

    /**
     * Where the stream goes.
     *
     * @param connection the connection itself
     * @param calls the same with the agent's credentials
     */
    public record Link(ManagedChannel connection, Channel calls) {}

    /** The agent that the stream speaks for. */
    public record Agent(Executor executor, MachineProbe probe, Cache cache, InstantSource clock) {}

    /** What the stream's owner wants to hear of. Calls must not block for long. */
    public interface Events {
        /** After each Welcome. */
        void welcomed();

        /** After each end of a stream. */
        void disconnected(Status status);
    }

    public AgentStream(Link link, Agent agent, StreamSettings settings, Backoff backoff, Events events) {
        this.link = link;
        this.agent = agent;
        this.settings = settings;
        this.backoff = backoff;
        this.events = events;
        agent.executor().onChange(this::signal);
    }

    private void signal() {
        @Nullable StreamConnection connection = current;
        if (connection != null) {
            connection.signal();
        }
    }

    /** Connects again and again until closed. */
    @Override
    public void run() {
        try {
            do {
                // gRPC has a wait of its own before it tries an address again; ours is enough.
                link.connection().resetConnectBackoff();
                Status end = connect();
                events.disconnected(end);
                LOG.atInfo().addKeyValue("status", end.getCode()).log("stream ended: {}", end.getDescription());
            } while (!closed.await(backoff.next().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Status connect() throws InterruptedException {
        List<AttemptKey> running = running();
        var heartbeats = new SentHeartbeats();
        var incoming = new Incoming(agent.executor(), heartbeats, running, agent.clock(), asked -> drainAsked = asked);
        var connection = new StreamConnection(incoming);
        current = connection;
        try {
            var _ = AgentsGrpc.newStub(link.calls()).connect(connection);
            connection.send(AgentMessage.newBuilder().setHello(hello(running)).build());
            Instant welcomeBy = agent.clock().instant().plus(settings.welcomeLimit());
            while (incoming.welcome().isEmpty() && connection.end().isEmpty()) {
                Duration left = Duration.between(agent.clock().instant(), welcomeBy);
                if (left.isNegative() || closed.getCount() == 0) {
                    return cancelled(connection, "no Welcome within " + settings.welcomeLimit());
                }
                connection.await(left);
            }
            if (incoming.welcome().isPresent()) {
                agent.cache().forgetTold();
                backoff.reset();
                events.welcomed();
                converse(connection, incoming, heartbeats);
            }
            return connection.end().orElse(Status.CANCELLED.withDescription("the agent ends"));
        } catch (IOException | IllegalStateException e) {
            return cancelled(connection, "cannot go on: " + e.getMessage());
        } finally {
            current = null;
            connection.cancel("done");
        }
    }

    private static Status cancelled(StreamConnection connection, String why) {
        connection.cancel(why);
        return Status.CANCELLED.withDescription(why);
    }

    private void converse(StreamConnection connection, Incoming incoming, SentHeartbeats heartbeats)
            throws InterruptedException, IOException {
        Incoming.Terms terms = incoming.welcome().orElseThrow();
        var outbox = new Outbox(connection, settings);
        Instant nextHeartbeat = Instant.MIN;
        while (connection.end().isEmpty() && closed.getCount() > 0) {
            Instant now = agent.clock().instant();
            if (!now.isBefore(nextHeartbeat)) {
                List<AttemptKey> running = running();
                heartbeats.sent(running);
                connection.send(AgentMessage.newBuilder()
                        .setHeartbeat(heartbeat(running))
                        .build());
                nextHeartbeat = now.plus(terms.heartbeat());
            }
            if (incoming.lastAnswer().plus(terms.lease()).isBefore(now)) {
                // A dead link keeps a stream that looks open: only answers count.
                connection.cancel("no heartbeat was answered within the lease of " + terms.lease());
                return;
            }
            outbox.send(agent.executor().attempts(), now);
            connection.await(Duration.between(now, nextHeartbeat));
        }
    }

    private List<AttemptKey> running() {
        return agent.executor().attempts().stream().map(Attempt::key).toList();
    }

    private Hello hello(List<AttemptKey> running) {
        return Hello.newBuilder()
                .setMachine(Wire.machine(agent.probe().describe(), settings.agentVersion()))
                .addAllRunning(running.stream().map(Wire::ref).toList())
                .setSlots(settings.slots())
                .build();
    }

    private Heartbeat heartbeat(List<AttemptKey> running) {
        Cache.Changes changes = agent.cache().takeChanges();
        var heartbeat = Heartbeat.newBuilder()
                .addAllRunning(running.stream().map(Wire::ref).toList())
                .setPowerSource(agent.probe().powerSource())
                .addAllCached(changes.cached().stream().map(Digest::toString).toList())
                .addAllEvicted(changes.evicted().stream().map(Digest::toString).toList())
                .setDraining(drainAsked || agent.executor().draining());
        agent.probe().free().forEach((device, free) -> heartbeat.putFreeBytes(device, free.value()));
        return heartbeat.build();
    }

    /** Ends the stream and the loop; returns at once. */
    @Override
    public void close() {
        closed.countDown();
        Optional.ofNullable(current).ifPresent(StreamConnection::signal);
    }
}
