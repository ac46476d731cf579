package dev.fairlead.agent.session;

import dev.fairlead.agent.attempt.AttemptKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Which attempts each unanswered heartbeat named. An answer belongs to the oldest of them, so an attempt that was
 * assigned after that heartbeat is not taken for one whose lease was refused. Thread-safe.
 */
public final class SentHeartbeats {
    private final Deque<List<AttemptKey>> unanswered = new ArrayDeque<>();

    public synchronized void sent(List<AttemptKey> named) {
        unanswered.add(List.copyOf(named));
    }

    /** Attempts that the answered heartbeat named and whose lease was not renewed. */
    public synchronized List<AttemptKey> answered(Set<AttemptKey> renewed) {
        List<AttemptKey> named = unanswered.poll();
        return named == null
                ? List.of()
                : named.stream().filter(key -> !renewed.contains(key)).toList();
    }
}
