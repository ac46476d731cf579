package dev.fairlead.control.schedule;

import dev.fairlead.control.job.JobStore.Standing;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The latest look at how things stand, kept until something happens. The loop looks after every change, so that a submission to
 * a fleet at rest need not: it would wait for one more answer of the database.
 */
final class Glance {
    // Told apart by identity: what happens during a look puts another page in the place of the one that the look began
    // with.
    private static final class Page {
        private final @Nullable Standing standing;

        Page(@Nullable Standing standing) {
            this.standing = standing;
        }
    }

    private final AtomicReference<Page> latest = new AtomicReference<>(new Page(null));

    /** How things stand; empty where that must be asked. */
    Optional<Standing> standing() {
        Page page = latest.get();
        return page == null ? Optional.empty() : Optional.ofNullable(page.standing);
    }

    /** Asks, and keeps the answer unless something happened meanwhile. */
    Standing take(Supplier<Standing> asking) {
        Page before = latest.get();
        Standing standing = asking.get();
        latest.compareAndSet(before, new Page(standing));
        return standing;
    }

    /** Something happened, and is durable. */
    void forget() {
        latest.set(new Page(null));
    }
}
