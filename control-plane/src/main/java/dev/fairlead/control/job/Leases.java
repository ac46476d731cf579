package dev.fairlead.control.job;

import java.time.Duration;

/**
 * How time binds agents.
 *
 * @param heartbeat between two heartbeats of an agent
 * @param lease how long an attempt is held without a sign of life
 */
public record Leases(Duration heartbeat, Duration lease) {
    public Leases {
        if (heartbeat.isNegative() || heartbeat.isZero() || lease.compareTo(heartbeat) <= 0) {
            throw new IllegalArgumentException("lease: " + lease + " must be longer than the heartbeat, " + heartbeat);
        }
    }
}
