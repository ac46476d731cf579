package dev.fairlead.control.event;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Runs a step on a thread of its own: when one of its topics changes, and at least once a period. */
public final class WakeLoop implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WakeLoop.class.getName());
    private static final Duration STOP = Duration.ofSeconds(10);

    private final String name;
    private final Duration period;
    private final Runnable step;
    // Many changes while a step runs are one reason to run it again, so permits are drained, not counted.
    private final Semaphore wake = new Semaphore(1);
    private final List<Changes.Subscription> subscriptions = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopping;

    private WakeLoop(String name, Duration period, Runnable step) {
        this.name = name;
        this.period = period;
        this.step = step;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /** Starts at once. {@code step} may throw: the loop logs it and goes on after a period. */
    public static WakeLoop start(String name, Duration period, Runnable step, Changes changes, List<Topic> topics) {
        WakeLoop loop = new WakeLoop(name, period, step);
        for (Topic topic : topics) {
            loop.subscriptions.add(changes.listen(topic, loop.wake::release));
        }
        loop.thread.start();
        return loop;
    }

    private void run() {
        try {
            while (!stopping) {
                boolean _ = wake.tryAcquire(period.toMillis(), TimeUnit.MILLISECONDS);
                wake.drainPermits();
                if (!stopping && !succeeded()) {
                    // A step that fails on every change would otherwise spin.
                    boolean _ = wake.tryAcquire(1_000_000, period.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean succeeded() {
        try {
            step.run();
            return true;
        } catch (RuntimeException e) {
            // The thread's boundary: whatever went wrong once, the next round starts from the database.
            LOG.log(stopping ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING, "loop=" + name + " failed", e);
            return false;
        }
    }

    /** Waits for the running step, then interrupts it. */
    @Override
    public void close() {
        stopping = true;
        subscriptions.forEach(Changes.Subscription::close);
        wake.release();
        try {
            if (!thread.join(STOP)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
