package dev.fairlead.bench.control;

import dev.fairlead.agent.identity.AgentIdentity;
import dev.fairlead.proto.v1.Accelerator;
import dev.fairlead.proto.v1.AgentMessage;
import dev.fairlead.proto.v1.AgentsGrpc;
import dev.fairlead.proto.v1.AttemptRef;
import dev.fairlead.proto.v1.AttemptState;
import dev.fairlead.proto.v1.AttemptUpdate;
import dev.fairlead.proto.v1.ControlMessage;
import dev.fairlead.proto.v1.CreateJoinTokenRequest;
import dev.fairlead.proto.v1.Device;
import dev.fairlead.proto.v1.EnrolRequest;
import dev.fairlead.proto.v1.Heartbeat;
import dev.fairlead.proto.v1.Hello;
import dev.fairlead.proto.v1.Machine;
import dev.fairlead.proto.v1.Welcome;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An agent that computes nothing: it reports every assignment as succeeded in the moment it arrives. */
final class InstantAgent implements AutoCloseable, StreamObserver<ControlMessage> {
    private static final String NAME = "bench";
    private static final long MEMORY = 64L << 30;

    private final int slots;
    private final Consumer<String> assigned;
    private final Consumer<String> succeeded;
    private final CountDownLatch welcomed = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final ScheduledExecutorService heartbeats = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("bench-heartbeat").daemon().factory());
    private final Set<AttemptRef> seen = new HashSet<>();
    private final Object writing = new Object();
    private @Nullable StreamObserver<AgentMessage> out;

    /**
     * Not connected yet.
     *
     * @param slots attempts that it takes at once
     * @param assigned called with the job's id when an assignment arrives
     * @param succeeded called with the job's id when the control plane has made the success durable
     */
    InstantAgent(int slots, Consumer<String> assigned, Consumer<String> succeeded) {
        this.slots = slots;
        this.assigned = assigned;
        this.succeeded = succeeded;
    }

    void connect(ControlPlane controlPlane) throws IOException, InterruptedException {
        var admin = AgentsGrpc.newBlockingStub(controlPlane.channel()).withCallCredentials(controlPlane.admin());
        String token = admin.createJoinToken(CreateJoinTokenRequest.newBuilder()
                        .setAgent(NAME)
                        .setPool(NAME)
                        .build())
                .getToken();
        AgentIdentity identity = AgentIdentity.open(controlPlane.folder());
        var enrolled = AgentsGrpc.newBlockingStub(controlPlane.channel())
                .enrol(EnrolRequest.newBuilder()
                        .setJoinToken(token)
                        .setAgent(NAME)
                        .setPool(NAME)
                        .setPublicKey(com.google.protobuf.ByteString.copyFrom(identity.publicKey()))
                        .build());
        if (!enrolled.getAgent().equals(NAME)) {
            throw new IOException("agent: enrolled as " + enrolled.getAgent());
        }
        String jwt = identity.token(NAME, Instant.now());
        out = AgentsGrpc.newStub(controlPlane.channel())
                .withCallCredentials(ControlPlane.credentials("Agent " + jwt))
                .connect(this);
        send(AgentMessage.newBuilder()
                .setHello(Hello.newBuilder().setMachine(machine()).setSlots(slots))
                .build());
        if (!welcomed.await(30, TimeUnit.SECONDS)) {
            throw new IOException("agent: was not welcomed", failure.get());
        }
    }

    /** Fails where the stream has failed. */
    void check() throws IOException {
        Throwable problem = failure.get();
        if (problem != null) {
            throw new IOException("agent: its stream failed", problem);
        }
    }

    @Override
    public void onNext(ControlMessage message) {
        switch (message.getMessageCase()) {
            case WELCOME -> welcome(message.getWelcome());
            case ASSIGNMENT -> {
                var attempt = message.getAssignment().getAttempt();
                if (!seen.add(attempt)) {
                    // The control plane repeats what it has no report of yet; the report is on its way.
                    return;
                }
                assigned.accept(attempt.getJobId());
                send(AgentMessage.newBuilder()
                        .setUpdate(AttemptUpdate.newBuilder()
                                .setAttempt(attempt)
                                .setState(AttemptState.ATTEMPT_STATE_SUCCEEDED)
                                .setProgress(1)
                                .setSequence(1))
                        .build());
            }
            case ACK -> {
                if (message.getAck().getAccepted()) {
                    succeeded.accept(message.getAck().getAttempt().getJobId());
                } else {
                    failure.compareAndSet(null, new IOException("update: was refused"));
                }
            }
            case STOP, LOG_ACK, DRAIN, HEARTBEAT_ACK, MESSAGE_NOT_SET -> {
                // Nothing runs here that could stop.
            }
        }
    }

    @Override
    public void onError(Throwable problem) {
        failure.compareAndSet(null, problem);
    }

    @Override
    public void onCompleted() {
        failure.compareAndSet(null, new IOException("the control plane ended the stream"));
    }

    @Override
    public void close() {
        heartbeats.shutdownNow();
        synchronized (writing) {
            if (out != null) {
                out.onCompleted();
                out = null;
            }
        }
    }

    private void welcome(Welcome welcome) {
        long every = TimeUnit.SECONDS.toMillis(welcome.getHeartbeatInterval().getSeconds())
                + TimeUnit.NANOSECONDS.toMillis(welcome.getHeartbeatInterval().getNanos());
        AgentMessage heartbeat = AgentMessage.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder().putFreeBytes("cpu:0", MEMORY))
                .build();
        var _ = heartbeats.scheduleAtFixedRate(
                () -> send(heartbeat), every, Math.max(every, 100), TimeUnit.MILLISECONDS);
        welcomed.countDown();
    }

    private void send(AgentMessage message) {
        synchronized (writing) {
            if (out != null) {
                out.onNext(message);
            }
        }
    }

    private static Machine machine() {
        return Machine.newBuilder()
                .setOs(System.getProperty("os.name"))
                .setArch(System.getProperty("os.arch"))
                .setHostname("bench")
                .setCpu("none")
                .setCpuCores(1)
                .setMemoryBytes(MEMORY)
                .setAgentVersion("bench")
                .setStandIn(true)
                .setNote("computes nothing")
                .addDevices(Device.newBuilder()
                        .setId("cpu:0")
                        .setAccelerator(Accelerator.ACCELERATOR_CPU)
                        .setProduct("none")
                        .setBudgetBytes(MEMORY)
                        .setFreeBytes(MEMORY))
                .build();
    }
}
