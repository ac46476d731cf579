package dev.fairlead.control.promotion;

/** The name of a promotion's state, as people see it and the database keeps it. */
public enum Phase {
    CONVERTING,
    /** Evaluates the golden inputs on both sides and compares; an inconclusive comparison pauses here. */
    VALIDATING,
    AWAITING_APPROVAL,
    DEPLOYING,
    PROMOTED,
    REJECTED,
    ABORTED,
    ROLLED_BACK;

    /** True where no job and no approval can change it any more; a PROMOTED one can still be undone. */
    public boolean terminal() {
        return switch (this) {
            case CONVERTING, VALIDATING, AWAITING_APPROVAL, DEPLOYING -> false;
            case PROMOTED, REJECTED, ABORTED, ROLLED_BACK -> true;
        };
    }
}
