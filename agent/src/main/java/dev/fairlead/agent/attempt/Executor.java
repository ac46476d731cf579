package dev.fairlead.agent.attempt;

import dev.fairlead.agent.artifact.Folders;
import dev.fairlead.agent.attempt.AttemptLedger.Wish;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.failure.Reason;
import dev.fairlead.agent.machine.Bytes;
import dev.fairlead.agent.retry.Backoff;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All attempts of an agent, each on a thread of its own and with a folder in {@code attempts/}. What is on disk is
 * enough to go on: an agent that starts anew finds the attempts of the one before it.
 */
public final class Executor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Executor.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

    private final Path folder;
    private final Workshop workshop;
    private final AttemptSettings settings;
    private final Context context;
    private final Map<AttemptKey, Attempt> attempts = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition gone = lock.newCondition();
    private volatile boolean draining;

    /** What is injected so that tests can hold it still. */
    public record Context(InstantSource clock, RandomGenerator random, Steps steps) {}

    /** Finds what an earlier agent left in {@code folder} and goes on with it. */
    public Executor(Path folder, Workshop workshop, AttemptSettings settings, Context context) throws IOException {
        this.folder = Files.createDirectories(folder.toAbsolutePath());
        this.workshop = workshop;
        this.settings = settings;
        this.context = context;
        try (var folders = Files.list(this.folder)) {
            for (Path left : folders.toList()) {
                recover(left);
            }
        }
    }

    private void recover(Path left) throws IOException {
        try {
            launch(left, Journal.read(left));
        } catch (IOException e) {
            // Assigned and killed before the journal was whole: no process can exist, for it comes later.
            LOG.atWarn().addKeyValue("attempt", left.getFileName()).log("unreadable attempt removed");
            Folders.delete(left);
        }
    }

    /** Calls {@code listener} after each change that the control plane should hear of; it must not block. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Starts an attempt. One that is known already is left alone: the control plane may repeat itself. */
    public void assign(Assignment assignment) {
        AttemptKey key = assignment.key();
        if (attempts.containsKey(key)) {
            return;
        }
        Path place = place(key);
        Journal journal = Journal.of(assignment, context.clock().instant());
        keep(place, journal);
        launch(place, journal);
        if (draining) {
            handBack(List.of(key));
        }
    }

    /** Reports an assignment that makes no sense as failed. */
    public void refuse(AttemptKey key, Reason why) {
        var work = new Assignment.Work(JobKind.COMPARE, List.of(), Map.of(), Map.of());
        var nothing = new Assignment(key, 0, work, Map.of(), List.of(), Bytes.ZERO, Duration.ofSeconds(1), "", "");
        Path place = place(key);
        Journal journal = Journal.of(nothing, context.clock().instant())
                .enter(Journal.Phase.ENDED)
                .add(AttemptUpdate.of(AttemptUpdate.State.FAILED, why));
        keep(place, journal);
        launch(place, journal);
    }

    private Path place(AttemptKey key) {
        return folder.resolve(key.attemptId() + "." + key.fence());
    }

    private static void keep(Path place, Journal journal) {
        try {
            Files.createDirectories(place);
            journal.write(place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void launch(Path place, Journal journal) {
        AttemptKey key = journal.assignment().key();
        var ledger = new AttemptLedger(place, journal, this::changed);
        var attempt = new Attempt(ledger, new AttemptLog(new TaskFiles(place).log(), settings.log()));
        if (attempts.putIfAbsent(key, attempt) != null) {
            return;
        }
        var backoff = new Backoff(FIRST_RETRY, LONGEST_RETRY, context.random());
        var environment = new AttemptRun.Environment(context.clock(), context.steps(), backoff, () -> forget(key));
        Thread.ofVirtual()
                .name("attempt-" + key.attemptId())
                .start(new AttemptRun(place, ledger, workshop, settings, environment));
    }

    private void forget(AttemptKey key) {
        attempts.remove(key);
        lock.lock();
        try {
            gone.signalAll();
        } finally {
            lock.unlock();
        }
        changed();
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    /** Attempts whose processes live, or that ended and are not acknowledged. */
    public Collection<Attempt> attempts() {
        return List.copyOf(attempts.values());
    }

    public Optional<Attempt> attempt(AttemptKey key) {
        return Optional.ofNullable(attempts.get(key));
    }

    /** Stops and forgets, without a report, each of {@code asked} that is not in {@code kept}. */
    public void keepOnly(Collection<AttemptKey> asked, Set<AttemptKey> kept) {
        asked.stream().filter(key -> !kept.contains(key)).forEach(this::drop);
    }

    /** Kills the attempt's process group and forgets it without a report. */
    public void drop(AttemptKey key) {
        attempt(key).ifPresent(attempt -> {
            LOG.atInfo().addKeyValue("attempt", key.attemptId()).log("attempt dropped: its fence is stale");
            attempt.ledger().want(Wish.DROP, Reason.NONE);
        });
    }

    /** Ends the attempt's process and reports it cancelled. */
    public void cancel(AttemptKey key, String sentence) {
        attempt(key).ifPresent(attempt -> attempt.ledger().want(Wish.STOP, Reason.of(FailureCode.CANCELLED, sentence)));
    }

    /** The control plane has the updates up to {@code sequence}. */
    public void acknowledge(AttemptKey key, long sequence) {
        attempt(key).ifPresent(attempt -> attempt.ledger().write(journal -> journal.acknowledged(sequence)));
    }

    /** The control plane has the log up to {@code offset}. */
    public void acknowledgeLog(AttemptKey key, long offset) {
        attempt(key).ifPresent(attempt -> attempt.ledger().write(journal -> journal.logAcknowledged(offset)));
    }

    public boolean draining() {
        return draining;
    }

    /** Takes no more, waits for what runs, and hands back what is not done within {@code limit}. */
    public void drain(Duration limit, Duration handBackLimit) throws InterruptedException {
        draining = true;
        changed();
        if (awaitNone(limit)) {
            return;
        }
        handBack(List.copyOf(attempts.keySet()));
        if (!awaitNone(handBackLimit)) {
            LOG.atWarn().log("{} attempts end without the control plane's acknowledgement", attempts.size());
        }
    }

    private void handBack(List<AttemptKey> keys) {
        var reason = Reason.of(FailureCode.HANDED_BACK, "agent " + settings.agent() + " shuts down");
        keys.forEach(key -> attempt(key).ifPresent(attempt -> attempt.ledger().want(Wish.STOP, reason)));
    }

    private boolean awaitNone(Duration limit) throws InterruptedException {
        Instant until = context.clock().instant().plus(limit);
        lock.lock();
        try {
            while (!attempts.isEmpty()) {
                Duration left = Duration.between(context.clock().instant(), until);
                if (left.isNegative() || left.isZero()) {
                    return false;
                }
                var _ = gone.await(left.toNanos(), TimeUnit.NANOSECONDS);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Stops watching and leaves every process alone; the next executor over the folder adopts them. */
    @Override
    public void close() {
        attempts.values().forEach(attempt -> attempt.ledger().want(Wish.ABANDON, Reason.NONE));
    }
}
