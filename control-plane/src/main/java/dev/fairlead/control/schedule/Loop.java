package dev.fairlead.control.schedule;

import dev.fairlead.control.agent.Fleet;
import dev.fairlead.control.event.Changes;
import dev.fairlead.control.event.Topic;
import dev.fairlead.control.job.Attempts;
import dev.fairlead.control.tx.Leadership;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The scheduler's thread: runs on every change and every second, and acts only while this control plane leads. */
public final class Loop implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Loop.class);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Leadership lead;
    private final Placing placing;
    private final Sweeps sweeps;
    private final InstantSource clock;
    private final Semaphore wake = new Semaphore(1);
    private final List<Changes.Subscription> subscriptions;
    // A platform thread, for the same reason as those of GroupCommit.
    private final Thread thread;
    private volatile boolean closed;
    private @Nullable Instant leadSince;
    private Instant nextTick = Instant.MIN;

    /** What time ends, and how long a new leader gives agents to come back before it ends anything. */
    public record Sweeps(Attempts attempts, Fleet fleet, Duration patience) {}

    /** Starts the thread. */
    public Loop(Leadership lead, Placing placing, Sweeps sweeps, Changes changes, InstantSource clock) {
        this.lead = lead;
        this.placing = placing;
        this.sweeps = sweeps;
        this.clock = clock;
        this.subscriptions = List.of(changes.listen(Topic.JOBS, this::wake), changes.listen(Topic.AGENTS, this::wake));
        this.thread = Thread.ofPlatform().daemon().name("schedule").start(this::run);
    }

    @Override
    public void close() {
        subscriptions.forEach(Changes.Subscription::close);
        // Not interrupted: that would close the database connection that a round uses.
        closed = true;
        wake.release();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lead.close();
    }

    private void wake() {
        if (wake.availablePermits() == 0) {
            wake.release();
        }
    }

    private void run() {
        while (!closed) {
            try {
                wake.tryAcquire(TICK.toMillis(), TimeUnit.MILLISECONDS);
                wake.drainPermits();
                step(clock.instant());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // The thread's boundary: the database may be away, and the next round finds out.
                LOG.warn("a scheduling round failed", e);
                leadSince = null;
                placing.lead(false);
            }
        }
    }

    private void step(Instant now) {
        boolean tick = !now.isBefore(nextTick);
        if (tick) {
            nextTick = now.plus(TICK);
            leadSince = !lead.held() ? null : leadSince == null ? now : leadSince;
            placing.lead(leadSince != null);
        }
        if (leadSince == null) {
            return;
        }
        if (tick && !now.isBefore(leadSince.plus(sweeps.patience()))) {
            sweeps.attempts().sweep();
            sweeps.fleet().sweep();
        }
        placing.round(now);
    }
}
