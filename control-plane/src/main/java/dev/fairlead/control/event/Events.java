package dev.fairlead.control.event;

/** Where features leave events for the world outside. */
public interface Events {
    /** Writes the event in the current transaction: it leaves if and only if that commits. */
    void append(Event event);
}
