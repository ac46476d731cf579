package dev.fairlead.control.access;

/** What a token allows. Each role may do what the one before it may. */
public enum Role {
    /** Looks. */
    VIEWER,
    /** Submits jobs, pushes artifacts and models. */
    SUBMITTER,
    /** Starts, approves and undoes promotions. */
    PROMOTER,
    /** Manages tokens, agents, environments and storage. */
    ADMIN;

    public boolean atLeast(Role other) {
        return compareTo(other) >= 0;
    }
}
