package dev.fairlead.control.job;

/** Where one attempt stands. */
public enum AttemptState {
    PLACED,
    STAGING,
    RUNNING,
    /** Its lease ran out; it may still come back. */
    UNKNOWN,
    SUCCEEDED,
    FAILED,
    CANCELLED,
    /** Given up or replaced; whatever it still writes is refused. */
    FENCED;

    /** True where the attempt may still write. */
    public boolean live() {
        return switch (this) {
            case PLACED, STAGING, RUNNING, UNKNOWN -> true;
            case SUCCEEDED, FAILED, CANCELLED, FENCED -> false;
        };
    }
}
