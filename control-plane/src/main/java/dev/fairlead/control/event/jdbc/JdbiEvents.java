package dev.fairlead.control.event.jdbc;

import dev.fairlead.control.event.Event;
import dev.fairlead.control.event.Events;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;

/** Appends to the outbox table. */
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

    // One statement for a batch: a busy scheduler ends hundreds of jobs in one transaction.
    @Override
    public void appendAll(List<Event> events) {
        if (events.isEmpty()) {
            return;
        }
        int rows = jdbi.withHandle(handle -> handle.createUpdate("""
                        insert into event_outbox (type, entity, entity_key, payload, occurred_at)
                        select type, entity, key, cast(payload as jsonb), :at
                        from unnest(:types, :entities, :keys, :payloads)
                            with ordinality as e(type, entity, key, payload, place)
                        order by place
                        """)
                .bindArray("types", String.class, column(events, Event::type))
                .bindArray("entities", String.class, column(events, Event::entity))
                .bindArray("keys", String.class, column(events, Event::key))
                .bindArray("payloads", String.class, column(events, Event::payloadJson))
                .bind("at", clock.instant().atOffset(ZoneOffset.UTC))
                .execute());
        if (rows != events.size()) {
            throw new IllegalStateException("the outbox took " + rows + " rows for " + events.size() + " events");
        }
    }

    private static Object[] column(List<Event> events, Function<Event, String> part) {
        return events.stream().map(part).toArray();
    }
}
