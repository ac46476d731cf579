package dev.fairlead.control.event;

/**
 * Wake-ups inside this process. They carry nothing: a listener looks at the database. Another control plane's changes
 * do not arrive, so every loop also runs on a timer.
 */
public interface Changes {
    /** Wakes the listeners of {@code topic} after the current transaction commits, or at once where none is open. */
    void signal(Topic topic);

    /** {@code listener} runs on the thread that signals: it must only wake another one. */
    Subscription listen(Topic topic, Runnable listener);

    /** Ends a listener. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
