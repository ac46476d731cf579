package dev.fairlead.control.access.grpc;

import io.grpc.ServerCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps a call's events in order until it is known who handles them. Few can come: no message is asked for before that. */
final class DeferredListener<Q> extends ServerCall.Listener<Q> {
    private final List<Consumer<ServerCall.Listener<Q>>> early = new ArrayList<>();
    private ServerCall.@Nullable Listener<Q> target;

    synchronized void open(ServerCall.Listener<Q> listener) {
        early.forEach(event -> event.accept(listener));
        early.clear();
        target = listener;
    }

    @Override
    public void onMessage(Q message) {
        pass(listener -> listener.onMessage(message));
    }

    @Override
    public void onHalfClose() {
        pass(ServerCall.Listener::onHalfClose);
    }

    @Override
    public void onCancel() {
        pass(ServerCall.Listener::onCancel);
    }

    @Override
    public void onComplete() {
        pass(ServerCall.Listener::onComplete);
    }

    @Override
    public void onReady() {
        pass(ServerCall.Listener::onReady);
    }

    // The lock is not held while the call is served: a cancellation must not wait for the end of a watch.
    private void pass(Consumer<ServerCall.Listener<Q>> event) {
        ServerCall.Listener<Q> listener = targetOrKeep(event);
        if (listener != null) {
            event.accept(listener);
        }
    }

    private synchronized ServerCall.@Nullable Listener<Q> targetOrKeep(Consumer<ServerCall.Listener<Q>> event) {
        if (target == null) {
            early.add(event);
        }
        return target;
    }
}
