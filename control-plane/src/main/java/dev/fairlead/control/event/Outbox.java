package dev.fairlead.control.event;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The events that have been written and have not left yet, for a relay to read. */
public interface Outbox {
    /** The oldest unsent rows. Those of one entity are in the order in which they were written. */
    List<Row> unsent(int limit);

    /** Forgets rows that have left. To do so twice has no effect. */
    void sent(List<Long> ids);

    Lag lag();

    /** One event as it was written. {@code eventId} stays the same however often the row is sent. */
    record Row(long id, UUID eventId, Event event, Instant occurredAt) {}

    /**
     * What waits.
     *
     * @param oldest when the oldest unsent event happened; the epoch where none waits
     */
    record Lag(long unsent, Instant oldest) {}
}
