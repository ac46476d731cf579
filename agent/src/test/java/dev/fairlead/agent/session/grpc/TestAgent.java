package dev.fairlead.agent.session.grpc;

import dev.fairlead.agent.artifact.Cache;
import dev.fairlead.agent.artifact.grpc.GrpcArtifacts;
import dev.fairlead.agent.attempt.AttemptSettings;
import dev.fairlead.agent.attempt.Executor;
import dev.fairlead.agent.attempt.Programs;
import dev.fairlead.agent.attempt.Steps;
import dev.fairlead.agent.attempt.Workshop;
import dev.fairlead.agent.machine.Bytes;
import dev.fairlead.agent.machine.Host;
import dev.fairlead.agent.machine.Machine;
import dev.fairlead.agent.machine.MachineProbe;
import dev.fairlead.agent.process.Supervisor;
import dev.fairlead.agent.process.SystemProcessGroups;
import dev.fairlead.agent.retry.Backoff;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** An agent in this JVM: its executor, its stream, and a folder that the next one takes over. */
final class TestAgent implements AutoCloseable {
    static final Duration LOG_GRACE = Duration.ofSeconds(10);

    final Executor executor;

    private final ManagedChannel channel;
    private final AgentStream stream;
    private final Thread thread;

    TestAgent(Path home, int port) throws IOException {
        this(home, port, Steps.NONE, LOG_GRACE);
    }

    TestAgent(Path home, int port, Steps steps, Duration logGrace) throws IOException {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        var clock = InstantSource.system();
        var cache = new Cache(home.resolve("cache"), Bytes.parse("64MiB"), clock);
        var workshop = new Workshop(
                cache,
                new GrpcArtifacts(channel),
                new Supervisor(home),
                new SystemProcessGroups(),
                new Programs(List.of(), Optional.empty(), Map.of()));
        var settings = new AttemptSettings(
                "test",
                Bytes.parse("1GiB"),
                Duration.ofMillis(20),
                Duration.ofSeconds(5),
                Bytes.parse("1MiB"),
                Duration.ofSeconds(10));
        executor = new Executor(
                home.resolve("attempts"), workshop, settings, new Executor.Context(clock, new Random(1), steps));
        stream = new AgentStream(
                new AgentStream.Link(channel, channel),
                new AgentStream.Agent(executor, new StillMachine(), cache, clock),
                new StreamSettings(2, "test", Duration.ofSeconds(10), logGrace),
                new Backoff(Duration.ofMillis(10), Duration.ofMillis(100), new Random(2)),
                new AgentStream.Events() {
                    @Override
                    public void welcomed() {}

                    @Override
                    public void disconnected(Status status) {}
                });
        thread = Thread.ofVirtual().start(stream);
    }

    @Override
    public void close() {
        executor.close();
        stream.close();
        try {
            thread.join();
            channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A machine on which nothing changes. */
    static final class StillMachine implements MachineProbe {
        @Override
        public Machine describe() {
            var host = new Host("Linux", "1", "amd64", "here", "cpu", 1, Bytes.parse("1GiB"));
            return new Machine(host, List.of(), List.of(), "", true, "a test");
        }

        @Override
        public Map<String, Bytes> free() {
            return Map.of("cpu:0", Bytes.parse("512MiB"));
        }

        @Override
        public String powerSource() {
            return "ac";
        }
    }
}
