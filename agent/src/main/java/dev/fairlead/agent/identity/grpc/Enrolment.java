package dev.fairlead.agent.identity.grpc;

import com.google.protobuf.ByteString;
import dev.fairlead.agent.identity.AgentIdentity;
import dev.fairlead.agent.identity.AgentName;
import dev.fairlead.proto.v1.AgentsGrpc;
import dev.fairlead.proto.v1.EnrolRequest;
import io.grpc.Channel;
import io.grpc.StatusException;
import java.util.concurrent.TimeUnit;

/** Trades a join token for the control plane's trust in the agent's key. Idempotent for the same key pair. */
public final class Enrolment {
    private static final long CALL_SECONDS = 20;

    private Enrolment() {}

    /**
     * Enrols the agent's public key.
     *
     * @throws StatusException as the control plane answers; UNAVAILABLE may be tried again
     */
    public static void enrol(Channel channel, AgentIdentity identity, AgentName name, String pool, String token)
            throws StatusException {
        var _ = AgentsGrpc.newBlockingV2Stub(channel)
                .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                .enrol(EnrolRequest.newBuilder()
                        .setJoinToken(token)
                        .setAgent(name.value())
                        .setPool(pool)
                        .setPublicKey(ByteString.copyFrom(identity.publicKey()))
                        .build());
    }
}
