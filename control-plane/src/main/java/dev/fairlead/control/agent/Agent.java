package dev.fairlead.control.agent;

import dev.fairlead.control.error.Reason;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One machine of the fleet.
 *
 * @param reason why it is not ready; null where it is
 * @param machine {@link Machine#NOT_KNOWN} before its first connection
 * @param freeBytes device id to free bytes at the last heartbeat
 * @param lastSeenAt null before its first connection
 */
public record Agent(
        AgentName name,
        String pool,
        Admission admission,
        Link link,
        @Nullable Reason reason,
        Machine machine,
        Map<String, Long> freeBytes,
        Instant enrolledAt,
        @Nullable Instant lastSeenAt) {
    public Agent {
        freeBytes = Map.copyOf(freeBytes);
    }

    public AgentState state() {
        return AgentState.of(admission, link);
    }
}
