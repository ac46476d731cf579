package dev.fairlead.control.tx;

import java.util.function.Supplier;

/** Runs work in a database transaction bound to the calling thread. A call inside another joins it. */
public interface Transactions {
    /** Commits when {@code body} returns; rolls back and rethrows when it throws. */
    <T> T call(Supplier<T> body);

    default void run(Runnable body) {
        // An empty result keeps one implementation of the boundary.
        call(() -> {
            body.run();
            return true;
        });
    }

    /** Runs {@code work} once the current transaction has committed, never if it rolls back; at once where none is open. */
    void afterCommit(Runnable work);
}
