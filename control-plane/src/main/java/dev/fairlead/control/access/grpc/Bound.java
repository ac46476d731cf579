package dev.fairlead.control.access.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;

/**
 * A call whose every event runs with a scoped value. It is no gRPC context: Quarkus keeps that one in the call's Vert.x context,
 * where the event loop and the virtual thread of the same call take it from each other.
 */
final class Bound<Q> extends ServerCall.Listener<Q> {
    private final ScopedValue.Carrier values;
    private final ServerCall.Listener<Q> listener;

    private Bound(ScopedValue.Carrier values, ServerCall.Listener<Q> listener) {
        this.values = values;
        this.listener = listener;
    }

    static <Q, A> ServerCall.Listener<Q> start(
            ScopedValue.Carrier values, ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return new Bound<>(values, values.call(() -> next.startCall(call, headers)));
    }

    @Override
    public void onMessage(Q message) {
        values.run(() -> listener.onMessage(message));
    }

    @Override
    public void onHalfClose() {
        values.run(listener::onHalfClose);
    }

    @Override
    public void onCancel() {
        values.run(listener::onCancel);
    }

    @Override
    public void onComplete() {
        values.run(listener::onComplete);
    }

    @Override
    public void onReady() {
        values.run(listener::onReady);
    }
}
