package dev.fairlead.control.agent;

import java.time.Instant;

/**
 * What lets one machine enrol once.
 *
 * @param token shown once; only its hash is kept
 */
public record JoinToken(String token, Instant expiresAt) {
    @Override
    public String toString() {
        return "JoinToken[expiresAt=" + expiresAt + "]";
    }
}
