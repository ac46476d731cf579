package dev.fairlead.agent.session.grpc;

import dev.fairlead.proto.v1.AgentMessage;
import dev.fairlead.proto.v1.AgentsGrpc;
import dev.fairlead.proto.v1.Assignment;
import dev.fairlead.proto.v1.AttemptRef;
import dev.fairlead.proto.v1.AttemptState;
import dev.fairlead.proto.v1.AttemptUpdate;
import dev.fairlead.proto.v1.ControlMessage;
import dev.fairlead.proto.v1.Heartbeat;
import dev.fairlead.proto.v1.HeartbeatAck;
import dev.fairlead.proto.v1.Hello;
import dev.fairlead.proto.v1.LogAck;
import dev.fairlead.proto.v1.LogData;
import dev.fairlead.proto.v1.UpdateAck;
import dev.fairlead.proto.v1.Welcome;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A control plane over real gRPC that remembers what it is told and does what a test says. */
final class FakeControlPlane extends AgentsGrpc.AgentsImplBase implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    final FakeArtifacts artifacts = new FakeArtifacts();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Hello> hellos = new ArrayList<>();
    private final List<Heartbeat> heartbeats = new ArrayList<>();
    private final List<AttemptUpdate> updates = new ArrayList<>();
    private final Map<String, ByteArrayOutputStream> logs = new HashMap<>();
    private final List<Long> logOffsets = new ArrayList<>();
    private final Set<Long> fenced = new HashSet<>();
    private boolean acknowledging = true;
    private boolean acknowledgingLogs = true;
    private @Nullable StreamObserver<ControlMessage> stream;
    private Server server;
    private final int port;

    FakeControlPlane() throws IOException {
        server = server(0);
        port = server.getPort();
    }

    private Server server(int at) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), at))
                .addService(this)
                .addService(artifacts)
                .build()
                .start();
    }

    int port() {
        return port;
    }

    @Override
    public StreamObserver<AgentMessage> connect(StreamObserver<ControlMessage> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(AgentMessage message) {
                locked(() -> receive(message, answers));
            }

            @Override
            public void onError(Throwable failure) {
                locked(() -> gone(answers));
            }

            @Override
            public void onCompleted() {
                locked(() -> gone(answers));
            }
        };
    }

    private void gone(StreamObserver<ControlMessage> answers) {
        if (answers.equals(stream)) {
            stream = null;
        }
    }

    private void receive(AgentMessage message, StreamObserver<ControlMessage> answers) {
        switch (message.getMessageCase()) {
            case HELLO -> {
                hellos.add(message.getHello());
                stream = answers;
                answers.onNext(ControlMessage.newBuilder()
                        .setWelcome(Welcome.newBuilder()
                                .setHeartbeatInterval(com.google.protobuf.Duration.newBuilder()
                                        .setNanos(50_000_000))
                                .setLease(com.google.protobuf.Duration.newBuilder()
                                        .setSeconds(10))
                                .addAllAdopted(unfenced(message.getHello().getRunningList())))
                        .build());
            }
            case HEARTBEAT -> {
                heartbeats.add(message.getHeartbeat());
                answers.onNext(ControlMessage.newBuilder()
                        .setHeartbeatAck(HeartbeatAck.newBuilder()
                                .addAllRenewed(unfenced(message.getHeartbeat().getRunningList())))
                        .build());
            }
            case UPDATE -> {
                AttemptUpdate update = message.getUpdate();
                updates.add(update);
                if (acknowledging) {
                    answers.onNext(ControlMessage.newBuilder()
                            .setAck(UpdateAck.newBuilder()
                                    .setAttempt(update.getAttempt())
                                    .setSequence(update.getSequence())
                                    .setAccepted(
                                            !fenced.contains(update.getAttempt().getFence())))
                            .build());
                }
            }
            case LOG -> log(message.getLog(), answers);
            case MESSAGE_NOT_SET -> throw new IllegalStateException("empty message");
        }
    }

    private void log(LogData data, StreamObserver<ControlMessage> answers) {
        logOffsets.add(data.getOffset());
        var log = logs.computeIfAbsent(data.getAttempt().getAttemptId(), id -> new ByteArrayOutputStream());
        if (data.getOffset() <= log.size() && acknowledgingLogs) {
            byte[] bytes = data.getData().toByteArray();
            int known = (int) Math.min(bytes.length, log.size() - data.getOffset());
            log.write(bytes, known, bytes.length - known);
            answers.onNext(ControlMessage.newBuilder()
                    .setLogAck(LogAck.newBuilder().setAttempt(data.getAttempt()).setOffset(log.size()))
                    .build());
        }
    }

    private List<AttemptRef> unfenced(List<AttemptRef> refs) {
        return refs.stream().filter(ref -> !fenced.contains(ref.getFence())).toList();
    }

    void assign(Assignment assignment) {
        send(ControlMessage.newBuilder().setAssignment(assignment).build());
    }

    void send(ControlMessage message) {
        await("a stream", () -> stream != null);
        locked(() -> {
            if (stream != null) {
                stream.onNext(message);
            }
        });
    }

    void fence(long fence) {
        locked(() -> fenced.add(fence));
    }

    void acknowledge(boolean updatesToo, boolean logsToo) {
        locked(() -> {
            acknowledging = updatesToo;
            acknowledgingLogs = logsToo;
        });
    }

    /** Cuts the stream as a broken network would. */
    void cut() {
        locked(() -> {
            if (stream != null) {
                stream.onError(io.grpc.Status.UNAVAILABLE.asRuntimeException());
                stream = null;
            }
        });
    }

    void stop() {
        try {
            server.shutdownNow().awaitTermination();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        locked(() -> stream = null);
    }

    void start() throws IOException {
        server = server(port);
    }

    List<AttemptUpdate> updates(String attempt) {
        return read(() -> updates.stream()
                .filter(update -> update.getAttempt().getAttemptId().equals(attempt))
                .toList());
    }

    /** Waits for an update in a state. */
    AttemptUpdate awaitUpdate(String attempt, AttemptState state) {
        Predicate<AttemptUpdate> wanted =
                update -> update.getAttempt().getAttemptId().equals(attempt) && update.getState() == state;
        await(state + " of " + attempt, () -> updates.stream().anyMatch(wanted));
        return read(() -> updates.stream().filter(wanted).findFirst().orElseThrow());
    }

    String log(String attempt) {
        return read(() -> {
            var log = logs.get(attempt);
            return log == null ? "" : log.toString(StandardCharsets.UTF_8);
        });
    }

    void awaitLog(String attempt, String text) {
        await(
                "log of " + attempt + " with " + text,
                () -> logs.containsKey(attempt)
                        && logs.get(attempt).toString(StandardCharsets.UTF_8).contains(text));
    }

    List<Long> logOffsets() {
        return read(() -> List.copyOf(logOffsets));
    }

    List<Hello> hellos() {
        return read(() -> List.copyOf(hellos));
    }

    Heartbeat lastHeartbeat() {
        return read(heartbeats::getLast);
    }

    void await(String what, java.util.function.BooleanSupplier condition) {
        lock.lock();
        try {
            long left = LIMIT.toNanos();
            while (!condition.getAsBoolean()) {
                if (left <= 0) {
                    throw new AssertionError("waited in vain for " + what + "; updates: " + updates);
                }
                // Looks again now and then, as not everything that a test waits for passes through here.
                long slice = Math.min(left, TimeUnit.MILLISECONDS.toNanos(20));
                left -= slice - changed.awaitNanos(slice);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            lock.unlock();
        }
    }

    private <T> T read(java.util.function.Supplier<T> value) {
        lock.lock();
        try {
            return value.get();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
