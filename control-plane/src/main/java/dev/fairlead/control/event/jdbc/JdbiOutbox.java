package dev.fairlead.control.event.jdbc;

import dev.fairlead.control.event.Event;
import dev.fairlead.control.event.Outbox;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Reads the outbox table and removes what has left. */
@Singleton
public final class JdbiOutbox implements Outbox {
    private final Jdbi jdbi;

    public JdbiOutbox(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public List<Row> unsent(int limit) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select id, event_id, type, entity, entity_key, payload, occurred_at
                        from event_outbox
                        order by id
                        limit :limit
                        """)
                .bind("limit", limit)
                .map((row, context) -> new Row(
                        row.getLong("id"),
                        row.getObject("event_id", UUID.class),
                        new Event(
                                row.getString("type"),
                                row.getString("entity"),
                                row.getString("entity_key"),
                                row.getString("payload")),
                        row.getObject("occurred_at", OffsetDateTime.class).toInstant()))
                .list());
    }

    @Override
    public void sent(List<Long> ids) {
        if (ids.isEmpty()) {
            return;
        }
        jdbi.useHandle(handle -> handle.createUpdate("delete from event_outbox where id = any(:ids)")
                .bindArray("ids", Long.class, ids)
                .execute());
    }

    @Override
    public Lag lag() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select count(*) as unsent, min(occurred_at) as oldest
                        from event_outbox
                        """)
                .map((row, context) -> {
                    OffsetDateTime oldest = row.getObject("oldest", OffsetDateTime.class);
                    return new Lag(row.getLong("unsent"), oldest == null ? Instant.EPOCH : oldest.toInstant());
                })
                .one());
    }
}
