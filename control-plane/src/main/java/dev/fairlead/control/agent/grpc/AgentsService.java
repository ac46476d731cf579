package dev.fairlead.control.agent.grpc;

import dev.fairlead.control.agent.Agent;
import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.agent.Enrolment;
import dev.fairlead.control.agent.Fleet;
import dev.fairlead.control.agent.Holdings;
import dev.fairlead.control.agent.JoinToken;
import dev.fairlead.control.agent.wire.AgentMessages;
import dev.fairlead.control.agent.wire.Streams;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.proto.v1.AgentMessage;
import dev.fairlead.proto.v1.AgentsGrpc;
import dev.fairlead.proto.v1.ApproveAgentRequest;
import dev.fairlead.proto.v1.ControlMessage;
import dev.fairlead.proto.v1.CreateJoinTokenRequest;
import dev.fairlead.proto.v1.CreateJoinTokenResponse;
import dev.fairlead.proto.v1.DrainAgentRequest;
import dev.fairlead.proto.v1.EnrolRequest;
import dev.fairlead.proto.v1.EnrolResponse;
import dev.fairlead.proto.v1.GetAgentRequest;
import dev.fairlead.proto.v1.ListAgentsRequest;
import dev.fairlead.proto.v1.ListAgentsResponse;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The fleet over gRPC. */
@GrpcService
public class AgentsService extends AgentsGrpc.AgentsImplBase {
    private final Enrolment enrolment;
    private final Fleet fleet;
    private final Holdings holdings;
    private final Streams streams;

    public AgentsService(Enrolment enrolment, Fleet fleet, Holdings holdings, Streams streams) {
        this.enrolment = enrolment;
        this.fleet = fleet;
        this.holdings = holdings;
        this.streams = streams;
    }

    @Override
    public void enrol(EnrolRequest request, StreamObserver<EnrolResponse> reply) {
        if (request.getJoinToken().isEmpty()) {
            throw FairleadException.missing("join_token");
        }
        Agent agent = enrolment.enrol(
                request.getJoinToken(),
                new AgentName(request.getAgent()),
                request.getPool(),
                request.getPublicKey().toByteArray());
        answer(
                reply,
                EnrolResponse.newBuilder()
                        .setAgent(agent.name().value())
                        .setState(AgentMessages.state(agent.state()))
                        .build());
    }

    // Not on a virtual thread: it only opens the stream, and messages must keep their order.
    @Override
    public StreamObserver<AgentMessage> connect(StreamObserver<ControlMessage> toAgent) {
        return streams.connect(toAgent);
    }

    @Override
    public void createJoinToken(CreateJoinTokenRequest request, StreamObserver<CreateJoinTokenResponse> reply) {
        Duration validFor = request.hasValidFor()
                ? Duration.ofSeconds(
                        request.getValidFor().getSeconds(),
                        request.getValidFor().getNanos())
                : Enrolment.DEFAULT_VALIDITY;
        JoinToken token = enrolment.createToken(new AgentName(request.getAgent()), request.getPool(), validFor);
        answer(
                reply,
                CreateJoinTokenResponse.newBuilder()
                        .setToken(token.token())
                        .setExpiresAt(AgentMessages.timestamp(token.expiresAt()))
                        .build());
    }

    @Override
    public void list(ListAgentsRequest request, StreamObserver<ListAgentsResponse> reply) {
        Map<AgentName, List<String>> jobs = holdings.jobs();
        ListAgentsResponse.Builder message = ListAgentsResponse.newBuilder();
        for (Agent agent : fleet.list()) {
            if (request.getPool().isEmpty() || request.getPool().equals(agent.pool())) {
                message.addAgents(AgentMessages.agent(agent, jobs.getOrDefault(agent.name(), List.of())));
            }
        }
        answer(reply, message.build());
    }

    @Override
    public void get(GetAgentRequest request, StreamObserver<dev.fairlead.proto.v1.Agent> reply) {
        answer(reply, message(fleet.get(new AgentName(request.getName()))));
    }

    @Override
    public void approve(ApproveAgentRequest request, StreamObserver<dev.fairlead.proto.v1.Agent> reply) {
        answer(reply, message(fleet.approve(new AgentName(request.getName()))));
    }

    @Override
    public void drain(DrainAgentRequest request, StreamObserver<dev.fairlead.proto.v1.Agent> reply) {
        AgentName name = new AgentName(request.getName());
        answer(reply, message(request.getResume() ? fleet.resume(name) : fleet.drain(name)));
    }

    private dev.fairlead.proto.v1.Agent message(Agent agent) {
        return AgentMessages.agent(agent, holdings.jobs().getOrDefault(agent.name(), List.of()));
    }

    private static <T> void answer(StreamObserver<T> reply, T message) {
        reply.onNext(message);
        reply.onCompleted();
    }
}
