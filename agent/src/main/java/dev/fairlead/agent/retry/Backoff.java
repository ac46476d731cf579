package dev.fairlead.agent.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits between tries: each bound is twice the one before, up to a cap, and the wait is drawn evenly from its upper
 * half, so that many agents which lost the same server do not come back at the same moment. One thread uses it.
 */
public final class Backoff {
    private final Duration first;
    private final Duration cap;
    private final RandomGenerator random;
    private Duration bound;

    public Backoff(Duration first, Duration cap, RandomGenerator random) {
        if (first.isNegative() || first.isZero() || cap.compareTo(first) < 0) {
            throw new IllegalArgumentException("backoff: want 0 < first ≤ cap, got " + first + " and " + cap);
        }
        this.first = first;
        this.cap = cap;
        this.random = random;
        this.bound = first;
    }

    /** The next wait; grows with each call until {@link #reset}. */
    public Duration next() {
        long nanos = bound.toNanos();
        Duration wait = Duration.ofNanos(nanos / 2 + random.nextLong(nanos / 2 + 1));
        Duration doubled = bound.multipliedBy(2);
        bound = doubled.compareTo(cap) > 0 ? cap : doubled;
        return wait;
    }

    public void reset() {
        bound = first;
    }
}
