package dev.fairlead.cli.artifact;

import dev.fairlead.proto.v1.UploadBlobResponse;
import dev.fairlead.proto.v1.UploadChunk;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The receiving half of an upload; lets the sending thread wait until the transport takes more. */
final class UploadStream implements ClientResponseObserver<UploadChunk, UploadBlobResponse> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable ClientCallStreamObserver<UploadChunk> requests;
    private @Nullable Throwable failure;
    private boolean ended;

    @Override
    public void beforeStart(ClientCallStreamObserver<UploadChunk> stream) {
        requests = stream;
        stream.setOnReadyHandler(this::signal);
    }

    /** Waits until another chunk may be sent; false when the call has ended. */
    boolean awaitReady() throws InterruptedException {
        lock.lock();
        try {
            while (!ended && (requests == null || !requests.isReady())) {
                changed.await();
            }
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the server's answer; throws what the call failed with. */
    void awaitEnd() throws InterruptedException {
        lock.lock();
        try {
            while (!ended) {
                changed.await();
            }
            if (failure != null) {
                throw failure instanceof StatusRuntimeException e
                        ? e
                        : Status.fromThrowable(failure).asRuntimeException();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onNext(UploadBlobResponse response) {}

    @Override
    public void onError(Throwable problem) {
        end(problem);
    }

    @Override
    public void onCompleted() {
        end(null);
    }

    private void end(@Nullable Throwable problem) {
        lock.lock();
        try {
            failure = problem;
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
