package dev.fairlead.control.event.jdbc;

import dev.fairlead.control.event.Event;
import dev.fairlead.control.event.Events;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.jdbi.v3.core.Jdbi;

/** Appends to the outbox table. */
@Singleton
public final class JdbiEvents implements Events {
    private final Jdbi jdbi;
    private final InstantSource clock;

    public JdbiEvents(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    @Override
    public void append(Event event) {
        int rows = jdbi.withHandle(handle -> handle.createUpdate("""
                        insert into event_outbox (type, entity, entity_key, payload, occurred_at)
                        values (:type, :entity, :key, cast(:payload as jsonb), :at)
                        """)
                .bind("type", event.type())
                .bind("entity", event.entity())
                .bind("key", event.key())
                .bind("payload", event.payloadJson())
                .bind("at", clock.instant().atOffset(ZoneOffset.UTC))
                .execute());
        if (rows != 1) {
            throw new IllegalStateException("the outbox took " + rows + " rows for one event");
        }
    }
}
