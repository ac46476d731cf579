package dev.fairlead.agent.attempt;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.fairlead.agent.artifact.Folders;
import dev.fairlead.agent.failure.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What an agent that restarts must know of an attempt, kept in {@code attempt.json}.
 *
 * @param stop why the process was told to end; {@link Reason#NONE} where it was not
 * @param startedAt when the attempt began here, milliseconds of the epoch; its timeout counts from then
 * @param lastSequence of the updates made so far
 * @param pending updates that are not acknowledged, oldest first
 * @param logAcknowledged bytes of the log that the control plane holds
 */
record Journal(
        Assignment assignment,
        Phase phase,
        Reason stop,
        long startedAt,
        long lastSequence,
        List<AttemptUpdate> pending,
        long logAcknowledged) {
    static final String FILE = "attempt.json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(new SimpleModule()
                    .addSerializer(new DurationWriter())
                    .addDeserializer(Duration.class, new DurationReader()))
            .build();

    Journal {
        pending = List.copyOf(pending);
    }

    /** How far the attempt has come. */
    enum Phase {
        /** Inputs are being placed; no process exists. */
        STAGING,
        /** The process may exist. */
        RUNNING,
        /** The process has ended with 0; its outputs are being committed. */
        COMMITTING,
        /** The last update is made, and perhaps not yet acknowledged. */
        ENDED
    }

    static Journal of(Assignment assignment, Instant now) {
        return new Journal(assignment, Phase.STAGING, Reason.NONE, now.toEpochMilli(), 0, List.of(), 0);
    }

    static Journal read(Path folder) throws IOException {
        return JSON.readValue(folder.resolve(FILE).toFile(), Journal.class);
    }

    void write(Path folder) throws IOException {
        try {
            Folders.writeWhole(folder.resolve(FILE), JSON.writeValueAsString(this));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of plain values", e);
        }
    }

    Journal enter(Phase next) {
        return new Journal(assignment, next, stop, startedAt, lastSequence, pending, logAcknowledged);
    }

    Journal stopping(Reason why) {
        return new Journal(assignment, phase, why, startedAt, lastSequence, pending, logAcknowledged);
    }

    /** Adds an update under the next number. */
    Journal add(AttemptUpdate update) {
        var next = new ArrayList<>(pending);
        next.add(update.at(lastSequence + 1));
        return new Journal(assignment, phase, stop, startedAt, lastSequence + 1, next, logAcknowledged);
    }

    Journal acknowledged(long sequence) {
        var left =
                pending.stream().filter(update -> update.sequence() > sequence).toList();
        return new Journal(assignment, phase, stop, startedAt, lastSequence, left, logAcknowledged);
    }

    Journal logAcknowledged(long offset) {
        return new Journal(
                assignment, phase, stop, startedAt, lastSequence, pending, Math.max(offset, logAcknowledged));
    }

    private static final class DurationWriter extends StdSerializer<Duration> {
        private static final long serialVersionUID = 1L;

        DurationWriter() {
            super(Duration.class);
        }

        @Override
        public void serialize(Duration value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(value.toString());
        }
    }

    private static final class DurationReader extends StdDeserializer<Duration> {
        private static final long serialVersionUID = 1L;

        DurationReader() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return Duration.parse(json.getValueAsString());
        }
    }
}
