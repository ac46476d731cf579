package dev.fairlead.control.agent;

/** What is known of an agent's stream. */
public enum Link {
    CONNECTED,
    /** Connected, and the agent said that it is about to stop. */
    LEAVING,
    /** Gone for less than the grace. */
    UNREACHABLE,
    /** Gone for longer, or never there. */
    OFFLINE
}
