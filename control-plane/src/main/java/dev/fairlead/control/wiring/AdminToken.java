package dev.fairlead.control.wiring;

import dev.fairlead.control.access.Tokens;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Keeps {@code admin.token} in the home folder good: whoever may read that file administers this control plane. */
@Singleton
final class AdminToken {
    private static final String NAME = "admin";

    private final Home home;
    private final Tokens tokens;

    AdminToken(Home home, Tokens tokens) {
        this.home = home;
        this.tokens = tokens;
    }

    void ensure(@Observes StartupEvent start) {
        tokens.ensureAdmin(NAME, PrivateFiles.secret(home.adminToken()));
    }
}
