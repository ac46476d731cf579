package dev.fairlead.control.access.grpc;

import dev.fairlead.control.access.Caller;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;

/** The caller of the current call, for the thread that serves it. */
public final class Callers {
    private static final ScopedValue<Caller> CALLER = ScopedValue.newInstance();

    private Callers() {}

    /**
     * Who calls.
     *
     * @throws IllegalStateException outside a call that needs credentials
     */
    public static Caller current() {
        if (!CALLER.isBound()) {
            throw new IllegalStateException("no caller: not inside a call, or the call needs no credentials");
        }
        return CALLER.get();
    }

    /** Starts a call; it and all its events are the caller's. */
    public static <Q, A> ServerCall.Listener<Q> start(
            Caller caller, ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return Bound.start(ScopedValue.where(CALLER, caller), call, headers, next);
    }
}
