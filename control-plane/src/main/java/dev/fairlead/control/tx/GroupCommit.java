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
    private record Waiter<T, R>(T item, CompletableFuture<R> answer) {}

    private final BlockingQueue<Waiter<T, R>> queue;
    private final Function<List<T>, List<R>> commit;
    private final int largest;
    private final Thread worker;

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
        this.worker = Thread.ofVirtual().name(name).start(this::work);
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
        // Asked after the item is in the queue: a worker that ended in between has emptied it for the last time.
        if (!worker.isAlive()) {
            answer.completeExceptionally(
                    new FairleadException(ErrorCode.SHUTTING_DOWN, "", "the control plane is shutting down"));
        }
        return answer;
    }

    /** Ends the worker; what waits fails with SHUTTING_DOWN. */
    @Override
    public void close() {
        worker.interrupt();
    }

    private void work() {
        List<Waiter<T, R>> batch = new ArrayList<>(largest);
        try {
            while (true) {
                batch.add(queue.take());
                queue.drainTo(batch, largest - 1);
                run(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            queue.drainTo(batch);
            FairleadException over =
                    new FairleadException(ErrorCode.SHUTTING_DOWN, "", "the control plane is shutting down", e);
            batch.forEach(waiter -> waiter.answer().completeExceptionally(over));
        }
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
