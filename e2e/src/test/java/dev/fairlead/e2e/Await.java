package dev.fairlead.e2e;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for something that another process does, with a deadline and a description for the failure. */
final class Await {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Await() {}

    static void until(String what, Duration limit, BooleanSupplier condition) {
        until(what, limit, () -> "", condition);
    }

    /** @param context what explains a failure, read when it happens */
    static void until(String what, Duration limit, Supplier<String> context, BooleanSupplier condition) {
        value(what, limit, context, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    static <T> T value(String what, Duration limit, Supplier<String> context, Supplier<Optional<T>> probe) {
        var deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            var found = probe.get();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + limit.toSeconds() + " s for " + what + "\n" + context.get());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
