package dev.fairlead.agent.identity.grpc;

import dev.fairlead.agent.identity.AgentIdentity;
import dev.fairlead.agent.identity.AgentName;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.time.InstantSource;

/** Signs each call anew, as a token is valid for a minute only. */
public final class AgentCredentials implements ClientInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final AgentIdentity identity;
    private final AgentName name;
    private final InstantSource clock;

    public AgentCredentials(AgentIdentity identity, AgentName name, InstantSource clock) {
        this.identity = identity;
        this.name = name;
        this.clock = clock;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                headers.put(AUTHORIZATION, "Agent " + identity.token(name.value(), clock.instant()));
                super.start(listener, headers);
            }
        };
    }
}
