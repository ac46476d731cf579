package dev.fairlead.control.artifact;

/** Refuses those whose attempt has been taken over. The jobs implement it. */
public interface FenceCheck {
    /**
     * Called inside the transaction that commits a tree; holds the attempt's row until that ends.
     *
     * @throws dev.fairlead.control.error.FairleadException STALE_FENCE or ATTEMPT_NOT_FOUND
     */
    void require(String attemptId, long fence);
}
