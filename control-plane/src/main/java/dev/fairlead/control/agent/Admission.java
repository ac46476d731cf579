package dev.fairlead.control.agent;

/** What people decided about an agent; it outlives a broken stream. */
public enum Admission {
    /** Waits for approval. */
    PENDING,
    /** Takes work. */
    ADMITTED,
    /** Takes no more work. */
    DRAINING
}
