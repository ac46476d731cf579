package dev.fairlead.control.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A person's or program's token, without its secret. It never expires where {@code expiresAt} is null. */
public record Token(
        String name, Role role, Instant createdAt, @Nullable Instant expiresAt) {
    public boolean expired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
