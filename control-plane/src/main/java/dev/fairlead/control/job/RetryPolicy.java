package dev.fairlead.control.job;

import java.time.Duration;

/**
 * How often a job is tried.
 *
 * @param maxAttempts in all, at least 1
 * @param backoff before the second attempt; doubles up to {@link #LONGEST_BACKOFF}
 */
public record RetryPolicy(int maxAttempts, Duration backoff) {
    public static final RetryPolicy DEFAULT = new RetryPolicy(3, Duration.ofSeconds(1));
    public static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

    /**
     * The wait after the attempt of this number ended, between half and all of the doubled backoff.
     *
     * @param jitter from 0 to 1
     */
    Duration after(int attempt, double jitter) {
        long base = backoff.toMillis();
        int doublings = Math.min(attempt - 1, 30);
        long doubled = base > LONGEST_BACKOFF.toMillis() >> doublings ? LONGEST_BACKOFF.toMillis() : base << doublings;
        return Duration.ofMillis(doubled / 2 + (long) (jitter * (doubled - doubled / 2)));
    }
}
