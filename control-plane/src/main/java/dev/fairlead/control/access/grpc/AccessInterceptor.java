package dev.fairlead.control.access.grpc;

import dev.fairlead.control.access.AgentCredentials;
import dev.fairlead.control.access.Caller;
import dev.fairlead.control.access.Rule;
import dev.fairlead.control.access.Rules;
import dev.fairlead.control.access.Tokens;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.error.grpc.ErrorMapping;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Stands before every call: credentials become a {@link Caller} and the call's {@link Rule} decides. The check may read the
 * database, so it leaves the event loop; whatever the client sends meanwhile waits in a {@link DeferredListener}.
 */
@GlobalInterceptor
@Singleton
final class AccessInterceptor implements ServerInterceptor {
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Tokens tokens;
    private final AgentCredentials agents;
    private final Executor threads;

    AccessInterceptor(Tokens tokens, AgentCredentials agents) {
        this.tokens = tokens;
        this.agents = agents;
        this.threads = task -> Thread.ofVirtual().name("fairlead-access").start(task);
    }

    @Override
    public <Q, S> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
        if (call.getMethodDescriptor().getType().clientSendsOneMessage()) {
            // Quarkus asks for the message only once a virtual thread runs; until then an end of stream, which nobody needs
            // to ask for, overtakes it and the call fails with "Half-closed without a request" (quarkusio/quarkus 48940).
            // Two, as grpc-java asks for itself, to notice a client that sends more than one.
            call.request(2);
        }
        String method = call.getMethodDescriptor().getFullMethodName();
        Optional<Rule> rule = Rules.of(method);
        if (rule.filter(Rule.Open.class::isInstance).isPresent()) {
            return next.startCall(call, headers);
        }
        DeferredListener<Q> deferred = new DeferredListener<>();
        Executor transport = transport();
        threads.execute(() -> {
            try {
                Caller caller = authenticate(headers.get(AUTHORIZATION));
                check(rule, caller, method);
                transport.execute(() -> deferred.open(Callers.start(caller, call, headers, next)));
            } catch (RuntimeException e) {
                transport.execute(() -> {
                    ErrorMapping.close(call, ErrorMapping.toStatus(e));
                    deferred.open(new ServerCall.Listener<>() {});
                });
            }
        });
        return deferred;
    }

    private Caller authenticate(@org.jspecify.annotations.Nullable String authorization) {
        if (authorization == null) {
            throw new FairleadException(
                    ErrorCode.CREDENTIALS_MISSING, "authorization", "the call carries no credentials; log in first");
        }
        if (authorization.startsWith("Bearer ")) {
            return tokens.authenticate(authorization.substring("Bearer ".length()));
        }
        if (authorization.startsWith("Agent ")) {
            return agents.authenticate(authorization.substring("Agent ".length()));
        }
        throw new FairleadException(
                ErrorCode.CREDENTIALS_INVALID, "authorization", "authorization must begin with 'Bearer ' or 'Agent '");
    }

    private static void check(Optional<Rule> rule, Caller caller, String method) {
        boolean allowed = rule.map(r -> r.allows(caller)).orElse(false);
        if (!allowed) {
            throw new FairleadException(
                    ErrorCode.PERMISSION_DENIED,
                    "authorization",
                    "'" + caller.name() + "' may not call " + method + ": it needs "
                            + rule.map(Rule::need).orElse("a rule, and has none"));
        }
    }

    /** The event loop the call arrived on, where there is one: Quarkus' own interceptors look for its context. */
    private static Executor transport() {
        io.vertx.core.Context loop = Vertx.currentContext();
        return loop == null ? Runnable::run : task -> loop.runOnContext(_ -> task.run());
    }
}
