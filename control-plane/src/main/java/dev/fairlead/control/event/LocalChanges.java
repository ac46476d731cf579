package dev.fairlead.control.event;

import dev.fairlead.control.tx.Transactions;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps listeners in memory and calls them after commit. */
@Singleton
public final class LocalChanges implements Changes {
    private final Transactions transactions;
    private final Map<Topic, List<Listener>> listeners = new EnumMap<>(Topic.class);

    public LocalChanges(Transactions transactions) {
        this.transactions = transactions;
        for (Topic topic : Topic.values()) {
            listeners.put(topic, new CopyOnWriteArrayList<>());
        }
    }

    @Override
    public void signal(Topic topic) {
        transactions.afterCommit(() -> listenersOf(topic).forEach(Listener::wake));
    }

    @Override
    public Subscription listen(Topic topic, Runnable listener) {
        Listener entry = new Listener(listener);
        listenersOf(topic).add(entry);
        return () -> listenersOf(topic).remove(entry);
    }

    private List<Listener> listenersOf(Topic topic) {
        return listeners.getOrDefault(topic, List.of());
    }

    /** Compared by identity, so that the same Runnable may listen twice and each ends on its own. */
    private static final class Listener {
        private final Runnable waker;

        Listener(Runnable waker) {
            this.waker = waker;
        }

        void wake() {
            waker.run();
        }
    }
}
