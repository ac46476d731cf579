package dev.fairlead.control.job.grpc;

import com.google.protobuf.ByteString;
import dev.fairlead.proto.v1.Accelerator;
import dev.fairlead.proto.v1.AgentMessage;
import dev.fairlead.proto.v1.AgentsGrpc;
import dev.fairlead.proto.v1.AttemptRef;
import dev.fairlead.proto.v1.AttemptState;
import dev.fairlead.proto.v1.AttemptUpdate;
import dev.fairlead.proto.v1.ControlMessage;
import dev.fairlead.proto.v1.Device;
import dev.fairlead.proto.v1.Heartbeat;
import dev.fairlead.proto.v1.Hello;
import dev.fairlead.proto.v1.LogData;
import dev.fairlead.proto.v1.Machine;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An agent that says exactly what a test tells it to. */
final class FakeAgent implements StreamObserver<ControlMessage> {
    static final Metadata.Key<String> NAME = Metadata.Key.of("test-agent", Metadata.ASCII_STRING_MARSHALLER);

    private final BlockingQueue<ControlMessage> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> ends = new LinkedBlockingQueue<>();
    private final StreamObserver<AgentMessage> stream;

    FakeAgent(ManagedChannel channel, String name, int slots, AttemptRef... running) {
        Metadata headers = new Metadata();
        headers.put(NAME, name);
        stream = AgentsGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .connect(this);
        send(AgentMessage.newBuilder()
                .setHello(Hello.newBuilder()
                        .setSlots(slots)
                        .addAllRunning(List.of(running))
                        .setMachine(Machine.newBuilder()
                                .setOs("test")
                                .addDevices(Device.newBuilder()
                                        .setId("cpu:0")
                                        .setAccelerator(Accelerator.ACCELERATOR_CPU)
                                        .setBudgetBytes(8L << 30)))));
    }

    void update(AttemptRef attempt, AttemptState state, long sequence) {
        send(AgentMessage.newBuilder()
                .setUpdate(AttemptUpdate.newBuilder()
                        .setAttempt(attempt)
                        .setState(state)
                        .setSequence(sequence)
                        .setExitCode(-1)
                        .setProgress(-1)));
    }

    void heartbeat(AttemptRef... running) {
        send(AgentMessage.newBuilder().setHeartbeat(Heartbeat.newBuilder().addAllRunning(List.of(running))));
    }

    void log(AttemptRef attempt, long offset, String text) {
        send(AgentMessage.newBuilder()
                .setLog(LogData.newBuilder()
                        .setAttempt(attempt)
                        .setOffset(offset)
                        .setData(ByteString.copyFromUtf8(text))));
    }

    void send(AgentMessage.Builder message) {
        stream.onNext(message.build());
    }

    void hangUp() {
        stream.onError(new IllegalStateException("the fake agent hangs up"));
    }

    /** The next message of that kind; others before it are skipped. */
    ControlMessage expect(ControlMessage.MessageCase kind) {
        while (true) {
            ControlMessage message = take(received);
            if (message.getMessageCase() == kind) {
                return message;
            }
        }
    }

    Throwable end() {
        return take(ends);
    }

    private <T> T take(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(8, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came within 8 s; the stream ended with " + ends);
            }
            return next;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void onNext(ControlMessage message) {
        received.add(message);
    }

    @Override
    public void onError(Throwable failure) {
        ends.add(failure);
    }

    @Override
    public void onCompleted() {
        ends.add(new IllegalStateException("completed"));
    }
}
