package dev.fairlead.agent.wiring;

import dev.fairlead.agent.artifact.Cache;
import dev.fairlead.agent.artifact.grpc.GrpcArtifacts;
import dev.fairlead.agent.attempt.AttemptSettings;
import dev.fairlead.agent.attempt.Executor;
import dev.fairlead.agent.attempt.Programs;
import dev.fairlead.agent.attempt.Workshop;
import dev.fairlead.agent.identity.AgentIdentity;
import dev.fairlead.agent.identity.AgentName;
import dev.fairlead.agent.identity.grpc.AgentCredentials;
import dev.fairlead.agent.machine.MachineFile;
import dev.fairlead.agent.process.Supervisor;
import dev.fairlead.agent.process.SystemProcessGroups;
import dev.fairlead.agent.retry.Backoff;
import dev.fairlead.agent.session.grpc.AgentStream;
import dev.fairlead.agent.session.grpc.StreamSettings;
import dev.fairlead.agent.telemetry.Telemetry;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Puts an agent together and runs it until SIGTERM. */
@Command(name = "fairlead-agent", mixinStandardHelpOptions = true, version = AgentProgram.VERSION)
public final class AgentProgram implements Callable<Integer> {
    public static final String VERSION = "0.1.0";

    private static final Logger LOG = LoggerFactory.getLogger(AgentProgram.class);
    private static final Duration TICK = Duration.ofMillis(200);
    private static final Duration TERM_GRACE = Duration.ofSeconds(10);
    private static final Duration LOG_WAIT = Duration.ofMinutes(1);
    private static final Duration HAND_BACK = Duration.ofSeconds(15);

    private final AgentKind kind;

    @Mixin
    private AgentOptions options = new AgentOptions();

    private AgentProgram(AgentKind kind) {
        this.kind = kind;
    }

    /** Runs the agent; returns the exit status. */
    public static int run(AgentKind kind, String... arguments) {
        var line = new CommandLine(new AgentProgram(kind));
        line.setExecutionExceptionHandler((failure, command, result) -> {
            System.err.println("agent: " + failure.getMessage());
            LOG.atDebug().setCause(failure).log("start failed");
            return 1;
        });
        return line.execute(arguments);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        String pool = options.pool().orElse(kind.defaultPool());
        var name = new AgentName(options.name().orElseGet(() -> Hosts.hostname().toLowerCase(Locale.ROOT)));
        Path home = options.home()
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".fairlead", "agents", name.value()))
                .toAbsolutePath();
        Files.createDirectories(home);
        try (var _ = HomeLock.take(home)) {
            serve(name, pool, home);
        }
        return 0;
    }

    private void serve(AgentName name, String pool, Path home) throws IOException, InterruptedException {
        var clock = InstantSource.system();
        var random = RandomGenerator.getDefault();
        AgentKind.Parts parts = kind.prepare(options, home);
        Path machineFile = home.resolve("machine.json");
        MachineFile.of(parts.probe().describe(), parts.runtimeOptions()).write(machineFile);
        AgentIdentity identity = AgentIdentity.open(home);
        ManagedChannel channel = Channels.open(options.server(), options.tlsCa());
        var enroller = new Enroller(channel, identity, name, pool, options.joinToken(), home);
        enroller.enrolOnce(new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5), random));
        try (var telemetry =
                Telemetry.open(System.getenv().getOrDefault("OTEL_EXPORTER_OTLP_ENDPOINT", ""), name.value())) {
            var cache = new Cache(home.resolve("cache"), options.cacheLimit(), clock);
            var signed = ClientInterceptors.intercept(channel, new AgentCredentials(identity, name, clock));
            var workshop = new Workshop(
                    cache,
                    new GrpcArtifacts(signed),
                    new Supervisor(home),
                    new SystemProcessGroups(),
                    new Programs(
                            WorkerCommand.of(home, machineFile, options.memoryLimit()),
                            parts.python(),
                            parts.environment()));
            var settings = new AttemptSettings(
                    name.value(), options.memoryLimit(), TICK, TERM_GRACE, options.logLimit(), LOG_WAIT);
            var executor = new Executor(
                    home.resolve("attempts"),
                    workshop,
                    settings,
                    new Executor.Context(clock, random, telemetry.steps()));
            var stream = new AgentStream(
                    new AgentStream.Link(channel, signed),
                    new AgentStream.Agent(executor, parts.probe(), cache, clock),
                    new StreamSettings(options.slots(), VERSION, Duration.ofSeconds(15), Duration.ofSeconds(10)),
                    new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5), random),
                    new Announcer(name, pool, enroller));
            drainOnTerm(executor, stream, Thread.currentThread());
            LOG.atInfo().addKeyValue("agentId", name.value()).log("connecting to {}", options.server());
            stream.run();
            executor.close();
        } finally {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    /** The JVM ends when its hooks have: the hook drains, ends the stream and waits for the main thread. */
    private void drainOnTerm(Executor executor, AgentStream stream, Thread main) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                executor.drain(options.drain(), HAND_BACK);
                                stream.close();
                                main.join(Duration.ofSeconds(10));
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "drain"));
    }
}
