package dev.fairlead.control.job.grpc;

import dev.fairlead.control.error.grpc.ErrorMapping;
import dev.fairlead.proto.v1.ControlMessage;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The one writer of a stream: messages leave in order, and an agent that does not read is cut off. gRPC takes a message without
 * blocking, so it leaves on the thread that sends it, or, where the agent was slow, on the one that says that it reads again.
 */
final class Outbox {
    private static final int CAPACITY = 8192;

    private final ServerCallStreamObserver<ControlMessage> toAgent;
    private final Queue<ControlMessage> queue = new ArrayDeque<>();
    private boolean ended;

    /** Called while the call is being opened: later is too late for the handler. */
    Outbox(ServerCallStreamObserver<ControlMessage> toAgent) {
        this.toAgent = toAgent;
        toAgent.setOnReadyHandler(this::flush);
    }

    synchronized void send(ControlMessage message) {
        if (ended) {
            return;
        }
        if (queue.size() == CAPACITY) {
            end(Status.RESOURCE_EXHAUSTED
                    .withDescription("the agent does not read its stream: " + CAPACITY + " messages wait")
                    .asRuntimeException());
            return;
        }
        queue.add(message);
        flush();
    }

    /** Ends the stream; what waits is dropped. */
    synchronized void end(Throwable why) {
        if (ended) {
            return;
        }
        ended = true;
        queue.clear();
        if (!toAgent.isCancelled()) {
            try {
                toAgent.onError(ErrorMapping.toStatus(why));
            } catch (IllegalStateException e) {
                // The call is over already: there is nobody left to tell.
                return;
            }
        }
    }

    private synchronized void flush() {
        try {
            while (!queue.isEmpty() && toAgent.isReady()) {
                toAgent.onNext(queue.remove());
            }
        } catch (StatusRuntimeException | IllegalStateException e) {
            // The call was closed meanwhile.
            end(e);
        }
    }
}
