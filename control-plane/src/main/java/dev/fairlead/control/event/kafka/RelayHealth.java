package dev.fairlead.control.event.kafka;

import dev.fairlead.control.event.Outbox;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Shows how far Kafka is behind. Never down: a broker that is away delays events and stops nothing else. */
@Readiness
@Singleton
final class RelayHealth implements HealthCheck {
    private final Outbox outbox;
    private final boolean configured;

    RelayHealth(Outbox outbox, @ConfigProperty(name = "kafka.bootstrap.servers") Optional<String> servers) {
        this.outbox = outbox;
        this.configured = servers.filter(text -> !text.isBlank()).isPresent();
    }

    @Override
    public HealthCheckResponse call() {
        Outbox.Lag lag = outbox.lag();
        return HealthCheckResponse.named("event relay")
                .up()
                .withData("configured", configured)
                .withData("unsent", lag.unsent())
                .withData("oldest", lag.unsent() == 0 ? "" : lag.oldest().toString())
                .build();
    }
}
