package dev.fairlead.control.access.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;

/** Keeps the caller's trace context with the call, so that what a call leaves behind goes on in its trace. */
@Singleton
@GlobalInterceptor
public final class TraceParent implements ServerInterceptor {
    private static final Metadata.Key<String> HEADER = Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
    private static final Pattern GRAMMAR = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final ScopedValue<String> VALUE = ScopedValue.newInstance();

    /** The trace context of the current call; empty where it has none that is well-formed. */
    public static String current() {
        return VALUE.orElse("");
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String text = headers.get(HEADER);
        if (text == null || !GRAMMAR.matcher(text).matches()) {
            return next.startCall(call, headers);
        }
        return Bound.start(ScopedValue.where(VALUE, text), call, headers, next);
    }
}
