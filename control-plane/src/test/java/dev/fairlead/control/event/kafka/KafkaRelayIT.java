package dev.fairlead.control.event.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.control.event.Event;
import dev.fairlead.control.event.Outbox;
import dev.fairlead.control.event.jdbc.JdbiEvents;
import dev.fairlead.control.event.jdbc.JdbiOutbox;
import dev.fairlead.control.tx.jdbc.AdvisoryLeadership;
import dev.fairlead.control.wiring.ControlPlaneDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The relay against a real broker and a real database. */
class KafkaRelayIT {
    @RegisterExtension
    static final ControlPlaneDatabase DATABASE = ControlPlaneDatabase.fresh();

    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Outbox outbox = new JdbiOutbox(DATABASE.jdbi());
    private final JdbiEvents events = new JdbiEvents(DATABASE.jdbi(), InstantSource.fixed(NOW));
    private final KafkaBroker broker;

    KafkaRelayIT() throws IOException, InterruptedException {
        broker = KafkaBroker.start();
    }

    @BeforeEach
    void emptyOutbox() {
        outbox.sent(outbox.unsent(100_000).stream().map(Outbox.Row::id).toList());
    }

    @AfterEach
    void stopBroker() throws IOException, InterruptedException {
        broker.close();
    }

    @Test
    void sendsEveryEventOnceInTheOrderOfItsEntity() throws IOException {
        for (int i = 0; i < 1200; i++) {
            append(i);
        }
        try (KafkaRelay relay = relay()) {
            relay.relay();
            relay.relay();
        }

        List<ConsumerRecord<String, byte[]>> records = consume(1200);
        assertThat(records).hasSize(1200);
        assertInOrder(records);
        assertThat(outbox.lag().unsent()).isZero();
        ConsumerRecord<String, byte[]> first = records.getFirst();
        JsonNode value = new ObjectMapper().readTree(first.value());
        String header = new String(first.headers().lastHeader("event-id").value(), StandardCharsets.UTF_8);
        assertThat(value.path("id").asText()).isEqualTo(header);
        assertThat(value.path("type").asText()).isEqualTo("job.changed");
        assertThat(value.path("occurred_at").asText()).isEqualTo("2026-03-04T05:06:07Z");
        assertThat(records.stream()
                        .map(record -> new String(
                                record.headers().lastHeader("event-id").value(), StandardCharsets.UTF_8))
                        .distinct())
                .hasSize(1200);
    }

    @Test
    void goesOnWhereItStoodWhenTheBrokerComesBack() throws IOException, InterruptedException {
        try (KafkaRelay relay = relay()) {
            append(0);
            relay.relay();
            broker.down();
            for (int i = 1; i < 50; i++) {
                append(i);
            }
            Thread round = Thread.ofVirtual().start(relay::relay);
            assertThat(outbox.lag().unsent()).isEqualTo(49);

            broker.up();
            assertThat(round.join(PATIENCE)).isTrue();
            relay.relay();
        }

        assertThat(outbox.lag().unsent()).isZero();
        List<ConsumerRecord<String, byte[]>> records = consume(50);
        assertInOrder(records);
    }

    @Test
    void leavesTheWorkToTheLeader() {
        try (KafkaRelay relay = relay()) {
            try (AdvisoryLeadership leader = new AdvisoryLeadership(DATABASE.jdbi(), "relay-test")) {
                assertThat(leader.held()).isTrue();
                append(0);
                relay.relay();
                assertThat(outbox.lag().unsent()).isEqualTo(1);
            }
            relay.relay();
            assertThat(outbox.lag().unsent()).isZero();
        }
    }

    private KafkaRelay relay() {
        return new KafkaRelay(outbox, new AdvisoryLeadership(DATABASE.jdbi(), "relay-test"), broker.address());
    }

    private void append(int number) {
        String payload = "{\"number\": %d}".formatted(number);
        DATABASE.transactions().run(() -> events.append(new Event("job.changed", "job", "j" + number % 7, payload)));
    }

    private List<ConsumerRecord<String, byte[]>> consume(int expected) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.address()), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(KafkaRelay.TOPIC).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (records.size() < expected && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            consumer.poll(Duration.ofMillis(500)).forEach(records::add);
        }
        return records;
    }

    private static void assertInOrder(List<ConsumerRecord<String, byte[]>> records) throws IOException {
        for (int entity = 0; entity < 7; entity++) {
            String key = "job/j" + entity;
            List<Integer> numbers = new ArrayList<>();
            for (ConsumerRecord<String, byte[]> record : records) {
                if (record.key().equals(key)) {
                    JsonNode value = new ObjectMapper().readTree(record.value());
                    numbers.add(value.path("payload").path("number").asInt());
                }
            }
            assertThat(numbers).as(key).isSorted().doesNotHaveDuplicates();
        }
    }
}
