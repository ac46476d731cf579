package dev.fairlead.agent.session.grpc;

import dev.fairlead.agent.attempt.Attempt;
import dev.fairlead.agent.attempt.AttemptKey;
import dev.fairlead.agent.attempt.Executor;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.session.SentHeartbeats;
import dev.fairlead.proto.v1.Assignment;
import dev.fairlead.proto.v1.AttemptRef;
import dev.fairlead.proto.v1.ControlMessage;
import dev.fairlead.proto.v1.UpdateAck;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what the control plane says on one stream. gRPC calls it with one message at a time. */
final class Incoming implements Consumer<ControlMessage> {
    private static final Logger LOG = LoggerFactory.getLogger(Incoming.class);

    private final Executor executor;
    private final SentHeartbeats heartbeats;
    private final List<AttemptKey> told;
    private final InstantSource clock;
    private final Consumer<Boolean> drain;
    private volatile Optional<Terms> terms = Optional.empty();
    private volatile Instant lastAnswer;

    /** What the Welcome says of this stream. */
    record Terms(Duration heartbeat, Duration lease) {}

    Incoming(
            Executor executor,
            SentHeartbeats heartbeats,
            List<AttemptKey> told,
            InstantSource clock,
            Consumer<Boolean> drain) {
        this.executor = executor;
        this.heartbeats = heartbeats;
        this.told = List.copyOf(told);
        this.clock = clock;
        this.drain = drain;
        this.lastAnswer = clock.instant();
    }

    Optional<Terms> welcome() {
        return terms;
    }

    Instant lastAnswer() {
        return lastAnswer;
    }

    @Override
    public void accept(ControlMessage message) {
        lastAnswer = clock.instant();
        switch (message.getMessageCase()) {
            case WELCOME -> {
                var welcome = message.getWelcome();
                executor.keepOnly(told, keys(welcome.getAdoptedList()));
                terms = Optional.of(
                        new Terms(Wire.duration(welcome.getHeartbeatInterval()), Wire.duration(welcome.getLease())));
            }
            case ASSIGNMENT -> assign(message.getAssignment());
            case ACK -> acknowledge(message.getAck());
            case STOP ->
                executor.cancel(
                        Wire.key(message.getStop().getAttempt()),
                        message.getStop().getReason().getSentence());
            case LOG_ACK ->
                executor.acknowledgeLog(
                        Wire.key(message.getLogAck().getAttempt()),
                        message.getLogAck().getOffset());
            case DRAIN -> drain.accept(!message.getDrain().getResume());
            case HEARTBEAT_ACK -> renew(keys(message.getHeartbeatAck().getRenewedList()));
            case MESSAGE_NOT_SET -> LOG.atWarn().log("a message from a newer control plane is left alone");
        }
    }

    private void assign(Assignment assignment) {
        AttemptKey key = Wire.key(assignment.getAttempt());
        LOG.atInfo()
                .addKeyValue("jobId", key.jobId())
                .addKeyValue("attempt", key.attemptId())
                .log("assigned");
        try {
            executor.assign(Wire.assignment(assignment));
        } catch (AgentFailure e) {
            executor.refuse(key, e.reason());
        }
    }

    private void acknowledge(UpdateAck ack) {
        AttemptKey key = Wire.key(ack.getAttempt());
        if (ack.getAccepted()) {
            executor.acknowledge(key, ack.getSequence());
        } else {
            executor.drop(key);
        }
    }

    /** An attempt that has ended is left to the answer to its last update. */
    private void renew(Set<AttemptKey> renewed) {
        heartbeats.answered(renewed).stream()
                .filter(key -> executor.attempt(key).filter(Attempt::ended).isEmpty())
                .forEach(executor::drop);
    }

    private static Set<AttemptKey> keys(Collection<AttemptRef> refs) {
        return refs.stream().map(Wire::key).collect(Collectors.toSet());
    }
}
