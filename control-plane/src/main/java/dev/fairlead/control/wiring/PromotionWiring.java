package dev.fairlead.control.wiring;

import dev.fairlead.control.event.Changes;
import dev.fairlead.control.event.Events;
import dev.fairlead.control.event.Outbox;
import dev.fairlead.control.event.Topic;
import dev.fairlead.control.event.WakeLoop;
import dev.fairlead.control.event.jdbc.JdbiEvents;
import dev.fairlead.control.event.kafka.KafkaRelay;
import dev.fairlead.control.parity.Findings;
import dev.fairlead.control.promotion.Driver;
import dev.fairlead.control.promotion.Identities;
import dev.fairlead.control.tx.jdbc.AdvisoryLeadership;
import dev.fairlead.control.web.Metrics;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Jdbi;

/** Starts and stops the loops of promotions, parity, metrics and the relay. */
@Singleton
final class PromotionWiring {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration SLOW = Duration.ofSeconds(5);

    // In the order in which they are closed.
    private final List<Runnable> running = new ArrayList<>();

    @Produces
    @Singleton
    static Identities identities(InstantSource clock, SecureRandom random) {
        return new Identities(clock, random);
    }

    @Produces
    @Singleton
    static Events events(
            Jdbi jdbi,
            InstantSource clock,
            @ConfigProperty(name = "kafka.bootstrap.servers") Optional<String> servers) {
        return servers.filter(text -> !text.isBlank()).isPresent() ? new JdbiEvents(jdbi, clock) : Events.NOBODY;
    }

    void start(@Observes StartupEvent started, Changes changes, Driver driver, Findings findings, Metrics metrics) {
        running.add(WakeLoop.start("promotion", SECOND, driver::advanceAll, changes, List.of(Topic.PROMOTIONS))::close);
        running.add(WakeLoop.start("parity", SLOW, findings::collect, changes, List.of())::close);
        running.add(WakeLoop.start("metrics", SLOW, metrics::measure, changes, List.of())::close);
    }

    void relay(
            @Observes StartupEvent started,
            Jdbi jdbi,
            Outbox outbox,
            Changes changes,
            @ConfigProperty(name = "kafka.bootstrap.servers") Optional<String> servers) {
        servers.filter(text -> !text.isBlank()).ifPresent(text -> {
            KafkaRelay relay = new KafkaRelay(outbox, new AdvisoryLeadership(jdbi, "fairlead-event-relay"), text);
            // Closing the producer first frees a loop that waits for a broker which is away.
            running.add(relay::close);
            running.add(WakeLoop.start(
                    "event-relay", SECOND, relay::relay, changes, List.of(Topic.JOBS, Topic.PROMOTIONS))::close);
        });
    }

    void stop(@Observes ShutdownEvent stopping) {
        running.forEach(Runnable::run);
    }
}
