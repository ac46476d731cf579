package dev.fairlead.agent.attempt;

import dev.fairlead.agent.failure.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The shared state of one attempt: its journal, and what others want of it. The attempt's own thread works; the
 * stream's threads acknowledge and ask. Each change of the journal is on disk before anybody sees it.
 */
final class AttemptLedger {
    /** What others want of the attempt. Grows only. */
    enum Wish {
        GO_ON,
        /** End the process and report why. */
        STOP,
        /** End the process, report nothing, leave nothing. */
        DROP,
        /** Leave the process alone and stop watching: the agent itself ends. */
        ABANDON
    }

    private final Path folder;
    private final Runnable changed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private Journal journal;
    private Wish wish;
    private Optional<Thread> interruptible = Optional.empty();

    AttemptLedger(Path folder, Journal journal, Runnable changed) {
        this.folder = folder;
        this.journal = journal;
        this.changed = changed;
        this.wish = journal.stop().equals(Reason.NONE) ? Wish.GO_ON : Wish.STOP;
    }

    Journal journal() {
        lock.lock();
        try {
            return journal;
        } finally {
            lock.unlock();
        }
    }

    Wish wish() {
        lock.lock();
        try {
            return wish;
        } finally {
            lock.unlock();
        }
    }

    List<AttemptUpdate> pending() {
        return journal().pending();
    }

    /** Changes the journal, on disk first. */
    void write(java.util.function.UnaryOperator<Journal> change) {
        lock.lock();
        try {
            Journal next = change.apply(journal);
            if (next.equals(journal)) {
                return;
            }
            next.write(folder);
            journal = next;
            wake.signalAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
        changed.run();
    }

    void want(Wish wanted, Reason why) {
        lock.lock();
        try {
            if (wanted.compareTo(wish) <= 0) {
                return;
            }
            wish = wanted;
            if (wanted == Wish.STOP && journal.phase() != Journal.Phase.ENDED) {
                write(now -> now.stopping(why));
            }
            interruptible.ifPresent(Thread::interrupt);
            wake.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Runs a step that blocks outside of this class's own waits; a wish interrupts it. */
    <T> T interruptibly(Blocking<T> step) throws IOException {
        lock.lock();
        try {
            if (wish != Wish.GO_ON) {
                throw new Unwanted();
            }
            interruptible = Optional.of(Thread.currentThread());
        } finally {
            lock.unlock();
        }
        try {
            return step.run();
        } finally {
            lock.lock();
            try {
                interruptible = Optional.empty();
                // Cleared under the lock: no later file operation must see an interrupt meant for the step.
                Thread.interrupted();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits for a change, a wish or a wake, at most so long. */
    @SuppressWarnings("WaitNotInLoop") // Waking too early is harmless: every caller looks at its condition again.
    void await(Duration limit) {
        lock.lock();
        try {
            var _ = wake.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Whoever interrupts has left a wish, and the caller looks at it next.
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        lock.lock();
        try {
            wake.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void announce() {
        changed.run();
    }

    interface Blocking<T> {
        T run() throws IOException;
    }

    /** Somebody wants the attempt to end; what, {@link #wish()} tells. */
    static final class Unwanted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unwanted() {
            super("the attempt was told to end", null, false, false);
        }
    }
}
