package dev.fairlead.control.agent;

/** What is known of an agent's stream. */
public enum Link {
    CONNECTED,
    /** Gone for less than the grace. */
    UNREACHABLE,
    /** Gone for longer, or never there. */
    OFFLINE
}
