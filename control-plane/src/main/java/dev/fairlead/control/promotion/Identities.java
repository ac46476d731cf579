package dev.fairlead.control.promotion;

import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Names for new promotions, and the time that goes with them. */
public final class Identities {
    private final InstantSource clock;
    private final RandomGenerator random;

    public Identities(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    Identity next() {
        Instant now = clock.instant();
        return new Identity(PromotionId.next(now, random), now);
    }

    record Identity(PromotionId id, Instant at) {}
}
