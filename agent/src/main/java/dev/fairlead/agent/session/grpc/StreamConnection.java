package dev.fairlead.agent.session.grpc;

import dev.fairlead.proto.v1.AgentMessage;
import dev.fairlead.proto.v1.ControlMessage;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One stream from its call to its end: one thread sends, gRPC's threads receive. */
final class StreamConnection implements ClientResponseObserver<AgentMessage, ControlMessage> {
    private final Consumer<ControlMessage> receiver;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable ClientCallStreamObserver<AgentMessage> requests;
    private boolean dirty;
    private Optional<Status> end = Optional.empty();

    StreamConnection(Consumer<ControlMessage> receiver) {
        this.receiver = receiver;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<AgentMessage> stream) {
        requests = stream;
        stream.setOnReadyHandler(this::signal);
    }

    @Override
    public void onNext(ControlMessage message) {
        receiver.accept(message);
        signal();
    }

    @Override
    public void onError(Throwable failure) {
        finish(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
        finish(Status.UNAVAILABLE.withDescription("the control plane ended the stream"));
    }

    private void finish(Status status) {
        lock.lock();
        try {
            end = Optional.of(status);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How the stream ended; empty while it is open. */
    Optional<Status> end() {
        lock.lock();
        try {
            return end;
        } finally {
            lock.unlock();
        }
    }

    void send(AgentMessage message) {
        stream().onNext(message);
    }

    /** Whether a send now would go out without piling up in memory. */
    boolean ready() {
        return stream().isReady();
    }

    void cancel(String why) {
        stream().cancel(why, null);
    }

    private ClientCallStreamObserver<AgentMessage> stream() {
        ClientCallStreamObserver<AgentMessage> stream = requests;
        if (stream == null) {
            throw new IllegalStateException("the call was not started");
        }
        return stream;
    }

    void signal() {
        lock.lock();
        try {
            dirty = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something has changed since the last call, at most so long. */
    void await(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long nanos = limit.toNanos();
            while (!dirty && end.isEmpty() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            dirty = false;
        } finally {
            lock.unlock();
        }
    }
}
