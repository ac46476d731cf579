package dev.fairlead.control.access.grpc;

import dev.fairlead.control.access.AgentCredentials;
import dev.fairlead.control.access.Caller;
import dev.fairlead.control.access.Rule;
import dev.fairlead.control.access.Rules;
import dev.fairlead.control.access.Tokens;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Stands before every call: credentials become a {@link Caller} and the call's {@link Rule} decides. The check may read the
 * database, and so may the service, so both run on a {@link CallThread}.
 */
@GlobalInterceptor
@Singleton
final class AccessInterceptor implements ServerInterceptor, Prioritized {
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Tokens tokens;
    private final AgentCredentials agents;
    private final Executor threads;

    AccessInterceptor(Tokens tokens, AgentCredentials agents) {
        this.tokens = tokens;
        this.agents = agents;
        this.threads = task -> Thread.ofVirtual().name("fairlead-call").start(task);
    }

    @Override
    public <Q, S> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        Optional<Rule> rule = Rules.of(method);
        if (call.getMethodDescriptor().getType() == MethodDescriptor.MethodType.UNARY) {
            // Asked for here, on the event loop that reads it: from the call's thread it would take a wake-up of each.
            call.request(1);
        }
        return new CallThread<>(call, threads).start(() -> {
            if (rule.filter(Rule.Open.class::isInstance).isPresent()) {
                return next.startCall(call, headers);
            }
            Caller caller = authenticate(headers.get(AUTHORIZATION));
            check(rule, caller, method);
            return Callers.start(caller, call, headers, next);
        });
    }

    /** Outside the interceptors that give the service's thread something, inside Quarkus' own, which want the event loop. */
    @Override
    public int getPriority() {
        return 1;
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
}
