package dev.fairlead.control.promotion;

import java.time.Instant;

/** Somebody pushed a promotion on against its parity verdict. */
public record Overruling(String by, Instant at, String why) {
    public Overruling {
        if (why.isBlank()) {
            throw new IllegalArgumentException("why: is blank");
        }
    }
}
