package dev.fairlead.control.agent;

/** What may be expected of an agent. */
public enum AgentState {
    /** Enrolled, waits for approval. */
    PENDING,
    /** Connected and takes work. */
    READY,
    /** Connected, finishes what it runs and takes no more. */
    DRAINING,
    /** Its stream is gone for less than its grace. */
    UNREACHABLE,
    /** Its stream is gone for longer. */
    OFFLINE;

    static AgentState of(Admission admission, Link link) {
        if (admission == Admission.PENDING) {
            return PENDING;
        }
        return switch (link) {
            case CONNECTED -> admission == Admission.DRAINING ? DRAINING : READY;
            case LEAVING -> DRAINING;
            case UNREACHABLE -> UNREACHABLE;
            case OFFLINE -> OFFLINE;
        };
    }
}
