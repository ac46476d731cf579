package dev.fairlead.control.job.grpc;

import dev.fairlead.control.error.grpc.ErrorMapping;
import dev.fairlead.proto.v1.ControlMessage;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The one writer of a stream: messages leave in order, and an agent that does not read is cut off. */
final class Outbox {
    private static final int CAPACITY = 8192;

    private final ServerCallStreamObserver<ControlMessage> toAgent;
    private final BlockingQueue<ControlMessage> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final Semaphore ready = new Semaphore(0);
    private final AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
    private final Thread writer;

    /** Called while the call is being opened: later is too late for the handlers. */
    Outbox(ServerCallStreamObserver<ControlMessage> toAgent, String name) {
        this.toAgent = toAgent;
        toAgent.setOnReadyHandler(ready::release);
        this.writer = Thread.ofVirtual().name("agent-writer-" + name).unstarted(this::write);
    }

    void start() {
        writer.start();
    }

    void send(ControlMessage message) {
        if (!queue.offer(message)) {
            end(Status.RESOURCE_EXHAUSTED
                    .withDescription("the agent does not read its stream: " + CAPACITY + " messages wait")
                    .asRuntimeException());
        }
    }

    /** Ends the stream; what waits is dropped. */
    void end(Throwable why) {
        if (end.compareAndSet(null, why)) {
            writer.interrupt();
        }
    }

    private void write() {
        try {
            while (end.get() == null) {
                ControlMessage message = queue.take();
                while (!toAgent.isReady()) {
                    ready.acquire();
                    ready.drainPermits();
                }
                toAgent.onNext(message);
            }
        } catch (InterruptedException | StatusRuntimeException e) {
            end.compareAndSet(null, e);
        } catch (IllegalStateException e) {
            // The call was closed under the writer.
            end.compareAndSet(null, e);
        }
        close();
    }

    private void close() {
        Throwable why = end.get();
        if (!toAgent.isCancelled() && why != null) {
            try {
                toAgent.onError(ErrorMapping.toStatus(why));
            } catch (IllegalStateException e) {
                // The call is over already: there is nobody left to tell.
                return;
            }
        }
    }
}
