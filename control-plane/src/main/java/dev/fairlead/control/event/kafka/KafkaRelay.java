package dev.fairlead.control.event.kafka;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.fairlead.control.event.Outbox;
import dev.fairlead.control.tx.Leadership;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends outbox rows to one topic. A record's key is {@code entity/key}, its value the event with its payload as one JSON
 * object, its header {@code event-id} the same at every repetition. A row is marked only after the broker has
 * acknowledged it; the first failure ends a round, so that nothing overtakes an event of its own entity.
 */
public final class KafkaRelay implements AutoCloseable {
    public static final String TOPIC = "fairlead.events";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BATCH = 500;
    // Blocks one round of the loop at most; the next one tries again.
    private static final Duration METADATA_WAIT = Duration.ofSeconds(5);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

    private final Outbox outbox;
    private final Leadership leadership;
    private final Producer<String, byte[]> producer;

    public KafkaRelay(Outbox outbox, Leadership leadership, String bootstrapServers) {
        this.outbox = outbox;
        this.leadership = leadership;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.CLIENT_ID_CONFIG,
                        "fairlead-control-plane",
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        (int) METADATA_WAIT.toMillis(),
                        // A record is never given up while the broker is away: giving up would let later ones overtake.
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        Integer.MAX_VALUE,
                        ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        5_000,
                        ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG,
                        5_000),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Sends everything that waits, where this process leads. */
    public void relay() {
        while (leadership.held() && sendOneBatch() == BATCH) {
            // More may wait.
        }
    }

    private int sendOneBatch() {
        List<Outbox.Row> rows = outbox.unsent(BATCH);
        List<Future<RecordMetadata>> sends = new ArrayList<>();
        for (Outbox.Row row : rows) {
            Future<RecordMetadata> send = producer.send(record(row));
            if (send.state() == Future.State.FAILED) {
                break;
            }
            sends.add(send);
        }
        List<Long> acknowledged = new ArrayList<>();
        try {
            for (int i = 0; i < sends.size(); i++) {
                sends.get(i).get();
                acknowledged.add(rows.get(i).id());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "Kafka refused event " + rows.get(acknowledged.size()).id(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            outbox.sent(acknowledged);
        }
        return acknowledged.size();
    }

    private static ProducerRecord<String, byte[]> record(Outbox.Row row) {
        ObjectNode value = JSON.createObjectNode();
        value.put("id", row.eventId().toString());
        value.put("type", row.event().type());
        value.put("entity", row.event().entity());
        value.put("key", row.event().key());
        value.put("occurred_at", row.occurredAt().toString());
        value.putRawValue("payload", new RawValue(row.event().payloadJson()));
        String key = row.event().entity() + "/" + row.event().key();
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(TOPIC, key, value.toString().getBytes(StandardCharsets.UTF_8));
        record.headers()
                .add("event-id", row.eventId().toString().getBytes(StandardCharsets.UTF_8))
                .add("event-type", row.event().type().getBytes(StandardCharsets.UTF_8));
        return record;
    }

    @Override
    public void close() {
        producer.close(CLOSE_WAIT);
        leadership.close();
    }
}
