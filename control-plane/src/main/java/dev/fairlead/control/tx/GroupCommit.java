package dev.fairlead.control.tx;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Many callers, one transaction: what waits while one batch commits makes the next one, so an idle caller waits for one commit
 * and busy ones share it. Items keep the order in which they were handed in.
 *
 * @param <T> what callers hand in
 * @param <R> what each gets back
 */
public final class GroupCommit<T, R> implements AutoCloseable {
    private sealed interface Entry<T, R> {}

    private record Waiter<T, R>(T item, CompletableFuture<R> answer) implements Entry<T, R> {}

    private record End<T, R>() implements Entry<T, R> {}

    private final BlockingQueue<Entry<T, R>> queue;
    private final Function<List<T>, List<R>> commit;
    private final int largest;
    // A platform thread: a virtual one is woken by way of two others for each answer of the database.
    private final Thread worker;
    private volatile boolean over;

    /**
     * Starts a worker of that name.
     *
     * @param largest items in one batch
     * @param commit makes one batch durable and answers each item, in order
     */
    public GroupCommit(String name, int largest, Function<List<T>, List<R>> commit) {
        this.queue = new ArrayBlockingQueue<>(16 * largest);
        this.largest = largest;
        this.commit = commit;
        this.worker = Thread.ofPlatform().daemon().name(name).start(this::work);
    }

    /** Waits until the item is durable. An item that makes its batch fail fails alone. */
    public R call(T item) {
        try {
            return hand(item).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Hands the item in; waits only while the queue is full. */
    public CompletableFuture<R> hand(T item) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        try {
            queue.put(new Waiter<>(item, answer));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FairleadException(ErrorCode.SHUTTING_DOWN, "", "interrupted before the item was handed in", e);
        }
        // Asked after the item is in the queue: the worker empties it once more after it has set this.
        if (over) {
            answer.completeExceptionally(shuttingDown());
        }
        return answer;
    }

    /**
     * Ends the worker after what was handed in before; what comes later fails with SHUTTING_DOWN. The worker is not interrupted:
     * that would close the database connection it uses.
     */
    @Override
    public void close() {
        try {
            queue.put(new End<>());
            worker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        List<Entry<T, R>> entries = new ArrayList<>(largest);
        boolean open = true;
        while (open) {
            try {
                entries.add(queue.take());
            } catch (InterruptedException e) {
                open = false;
            }
            queue.drainTo(entries, largest - 1);
            open = !work(entries) && open;
            entries.clear();
        }
        over = true;
        queue.drainTo(entries);
        for (Entry<T, R> entry : entries) {
            if (entry instanceof Waiter<T, R>(T _, CompletableFuture<R> answer)) {
                answer.completeExceptionally(shuttingDown());
            }
        }
    }

    /** Commits one batch; answers whether the end was in it. */
    private boolean work(List<Entry<T, R>> entries) {
        List<Waiter<T, R>> batch = new ArrayList<>(entries.size());
        boolean end = false;
        for (Entry<T, R> entry : entries) {
            switch (entry) {
                case Waiter<T, R> waiter -> batch.add(waiter);
                case End<T, R> _ -> end = true;
            }
        }
        if (!batch.isEmpty()) {
            run(batch);
        }
        return end;
    }

    private static FairleadException shuttingDown() {
        return new FairleadException(ErrorCode.SHUTTING_DOWN, "", "the control plane is shutting down");
    }

    private void run(List<Waiter<T, R>> batch) {
        try {
            List<R> answers = commit.apply(batch.stream().map(Waiter::item).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).answer().complete(answers.get(i));
            }
        } catch (RuntimeException | Error e) {
            if (batch.size() == 1) {
                batch.getFirst().answer().completeExceptionally(e);
            } else {
                batch.forEach(waiter -> run(List.of(waiter)));
            }
        }
    }
}
