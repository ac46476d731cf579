package dev.fairlead.control.agent.wire;

import dev.fairlead.proto.v1.AgentMessage;
import dev.fairlead.proto.v1.ControlMessage;
import io.grpc.stub.StreamObserver;

/** Where an agent's stream ends. The jobs implement it: the fleet does not know what work is. */
public interface Streams {
    /** Opens the stream of the agent that makes the current call; must not block. */
    StreamObserver<AgentMessage> connect(StreamObserver<ControlMessage> toAgent);
}
