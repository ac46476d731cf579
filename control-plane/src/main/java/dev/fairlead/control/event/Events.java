package dev.fairlead.control.event;

import java.util.List;

/** Where features leave events for the world outside. */
public interface Events {
    /** Where nobody listens, nothing is written: it would stay for good. */
    Events NOBODY = event -> {};

    /** Writes the event in the current transaction: it leaves if and only if that commits. */
    void append(Event event);

    /** The same for many at once, in order. */
    default void appendAll(List<Event> events) {
        events.forEach(this::append);
    }
}
