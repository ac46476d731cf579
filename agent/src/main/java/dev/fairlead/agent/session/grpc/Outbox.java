package dev.fairlead.agent.session.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.fairlead.agent.attempt.Attempt;
import dev.fairlead.agent.attempt.AttemptKey;
import dev.fairlead.agent.attempt.AttemptUpdate;
import dev.fairlead.proto.v1.AgentMessage;
import dev.fairlead.proto.v1.LogData;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What was sent on one stream. A new stream starts with an empty one, so everything that is not acknowledged goes
 * out again. One thread uses it.
 */
final class Outbox {
    private static final int LOG_CHUNK = 64 << 10;
    private static final long LOG_WINDOW = 1 << 20;

    private final StreamConnection connection;
    private final StreamSettings settings;
    private final Map<AttemptKey, Sent> sent = new HashMap<>();

    private static final class Sent {
        private long sequence;
        private long logOffset = -1;
        private Instant endedSince = Instant.MAX;
    }

    Outbox(StreamConnection connection, StreamSettings settings) {
        this.connection = connection;
        this.settings = settings;
    }

    /** Sends what is new of each attempt. */
    void send(Collection<Attempt> attempts, Instant now) throws IOException {
        sent.keySet().retainAll(attempts.stream().map(Attempt::key).collect(Collectors.toSet()));
        for (Attempt attempt : attempts) {
            Sent before = sent.computeIfAbsent(attempt.key(), key -> new Sent());
            sendLog(attempt, before);
            for (AttemptUpdate update : attempt.pending()) {
                if (update.sequence() > before.sequence && due(attempt, update, before, now)) {
                    connection.send(AgentMessage.newBuilder()
                            .setUpdate(Wire.update(attempt.key(), update))
                            .build());
                    before.sequence = update.sequence();
                }
            }
        }
    }

    /** The last update follows the log, so that whoever reads the log of an ended attempt reads all of it. */
    private boolean due(Attempt attempt, AttemptUpdate update, Sent before, Instant now) {
        if (!update.state().last() || attempt.logAcknowledged() >= attempt.logSize()) {
            return true;
        }
        if (before.endedSince.isAfter(now)) {
            before.endedSince = now;
        }
        return before.endedSince.plus(settings.logGrace()).isBefore(now);
    }

    private void sendLog(Attempt attempt, Sent before) throws IOException {
        before.logOffset = Math.max(before.logOffset, attempt.logAcknowledged());
        while (connection.ready() && before.logOffset - attempt.logAcknowledged() < LOG_WINDOW) {
            byte[] data = attempt.log(before.logOffset, LOG_CHUNK);
            if (data.length == 0) {
                return;
            }
            connection.send(AgentMessage.newBuilder()
                    .setLog(LogData.newBuilder()
                            .setAttempt(Wire.ref(attempt.key()))
                            .setOffset(before.logOffset)
                            .setData(UnsafeByteOperations.unsafeWrap(data)))
                    .build());
            before.logOffset += data.length;
        }
    }
}
