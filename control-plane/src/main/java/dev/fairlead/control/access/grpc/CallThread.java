package dev.fairlead.control.access.grpc;

import com.google.common.util.concurrent.MoreExecutors;
import dev.fairlead.control.error.grpc.ErrorMapping;
import io.grpc.ServerCall;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves a call on virtual threads, one event after the other. Services may block; the event loop never does.
 *
 * <p>It takes the place of Quarkus' {@code @RunOnVirtualThread}, whose listener can lose an event or deliver the end of a request
 * before the request when the start of a call and its first events meet (quarkusio/quarkus 48940, mended after 3.34).
 */
final class CallThread<Q, S> extends ServerCall.Listener<Q> {
    private final ServerCall<Q, S> call;
    private final Executor events;
    private volatile ServerCall.@Nullable Listener<Q> service;
    private volatile boolean cancelled;

    CallThread(ServerCall<Q, S> call, Executor threads) {
        this.call = call;
        this.events = MoreExecutors.newSequentialExecutor(threads);
    }

    /** Runs what starts the call before every event; a failure of it, as of an event, closes the call with its status. */
    CallThread<Q, S> start(Supplier<ServerCall.Listener<Q>> starting) {
        events.execute(() -> guard(() -> {
            ServerCall.Listener<Q> started = starting.get();
            service = started;
            if (cancelled) {
                started.onCancel();
            }
        }));
        return this;
    }

    @Override
    public void onMessage(Q message) {
        enqueue(listener -> listener.onMessage(message));
    }

    @Override
    public void onHalfClose() {
        enqueue(ServerCall.Listener::onHalfClose);
    }

    @Override
    public void onComplete() {
        enqueue(ServerCall.Listener::onComplete);
    }

    /** At once: a service that serves a stream inside an event waits for it. */
    @Override
    public void onCancel() {
        cancelled = true;
        ServerCall.Listener<Q> listener = service;
        if (listener != null) {
            listener.onCancel();
        }
    }

    /** At once, for the same reason; before the start nobody waits. */
    @Override
    public void onReady() {
        ServerCall.Listener<Q> listener = service;
        if (listener != null) {
            listener.onReady();
        } else {
            enqueue(ServerCall.Listener::onReady);
        }
    }

    private void enqueue(Consumer<ServerCall.Listener<Q>> event) {
        events.execute(() -> {
            ServerCall.Listener<Q> listener = service;
            if (listener != null) {
                guard(() -> event.accept(listener));
            }
        });
    }

    private void guard(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            ErrorMapping.close(call, ErrorMapping.toStatus(e));
        }
    }
}
