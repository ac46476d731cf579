package dev.fairlead.agent.session.grpc;

import java.time.Duration;

/**
 * How the stream behaves.
 *
 * @param slots attempts at once
 * @param agentVersion told to the control plane
 * @param welcomeLimit from the call to the Welcome
 * @param logGrace for how long an attempt's last update waits for its log to be acknowledged
 */
public record StreamSettings(int slots, String agentVersion, Duration welcomeLimit, Duration logGrace) {
    public StreamSettings {
        if (slots < 1) {
            throw new IllegalArgumentException("slots: want at least 1, got " + slots);
        }
    }
}
