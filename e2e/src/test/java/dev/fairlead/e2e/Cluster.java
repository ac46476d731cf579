package dev.fairlead.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.proto.v1.AgentState;
import dev.fairlead.proto.v1.CreateJoinTokenRequest;
import dev.fairlead.proto.v1.GetAgentRequest;
import io.grpc.StatusRuntimeException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A control plane with its database, in a folder of its own and on free ports, and the agents that a test starts beside it. */
final class Cluster implements Running {
    /** Short enough for tests that wait for a lease to run out. */
    static final Duration LEASE = Duration.ofSeconds(3);

    static final Path ROOT = Path.of(System.getProperty("fairlead.root"));

    private static final Duration START = Duration.ofSeconds(60);
    private static final String VERSION = "0.1.0-SNAPSHOT";

    private final Path folder;
    private final int grpcPort = freePort();
    private final int httpPort = freePort();
    private final Map<String, String> settings;
    private final Map<String, String> environment;
    private final Deque<Running> open = new ArrayDeque<>();
    private Daemon controlPlane;
    private @Nullable Client client;

    private Cluster(Path folder, Map<String, String> settings, Map<String, String> environment) {
        this.folder = folder;
        this.settings = settings;
        this.environment = environment;
        this.controlPlane = launchControlPlane();
    }

    /** A control plane that has answered. */
    static Cluster start() {
        return start(Map.of(), Map.of());
    }

    /** As {@link #start()}, with more system properties for the control plane and environment variables for all processes. */
    static Cluster start(Map<String, String> settings, Map<String, String> environment) {
        try {
            var folder = Files.createTempDirectory("fairlead-e2e-");
            var cluster = new Cluster(folder, settings, environment);
            cluster.awaitControlPlane();
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Daemon launchControlPlane() {
        var command = new ArrayList<>(List.of(java(), "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        var properties = Map.of(
                "fairlead.home",
                home().toString(),
                "quarkus.grpc.server.port",
                Integer.toString(grpcPort),
                "quarkus.http.port",
                Integer.toString(httpPort),
                "fairlead.agents.heartbeat",
                "500ms",
                "fairlead.agents.lease",
                LEASE.toSeconds() + "s",
                "fairlead.agents.grace",
                "5s");
        properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of(
                "-jar",
                ROOT.resolve("control-plane/target/quarkus-app/quarkus-run.jar").toString()));
        return Daemon.start("control-plane", folder.resolve("logs"), command, environment);
    }

    private void awaitControlPlane() {
        Await.until("the control plane", START, () -> controlPlane.output(), () -> {
            if (!controlPlane.isAlive()) {
                throw new AssertionError("the control plane ended:\n" + controlPlane.output());
            }
            return Files.exists(home().resolve("endpoint.json"));
        });
        if (client != null) {
            client.close();
        }
        client = new Client(grpcPort, token());
    }

    String token() {
        try {
            return Files.readString(home().resolve("admin.token")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a crash: nothing is flushed, no handler runs; PostgreSQL is left behind. */
    void killControlPlane() {
        controlPlane.kill();
        try {
            Files.deleteIfExists(home().resolve("endpoint.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void restartControlPlane() {
        controlPlane = launchControlPlane();
        awaitControlPlane();
    }

    Client client() {
        if (client == null) {
            throw new IllegalStateException("no control plane");
        }
        return client;
    }

    Daemon controlPlane() {
        return controlPlane;
    }

    Path home() {
        return folder.resolve("home");
    }

    Path folder() {
        return folder;
    }

    int grpcPort() {
        return grpcPort;
    }

    int httpPort() {
        return httpPort;
    }

    /** A wire to the control plane that can be cut. */
    Link link() {
        var link = new Link(grpcPort);
        open.push(link);
        return link;
    }

    /** The stand-in of a Mac: MLX on this machine's CPU. */
    Daemon macAgent(String name) {
        return agent(classPath("agent-mac"), "dev.fairlead.agent.mac.Main", name, "mac", grpcPort, List.of());
    }

    /** As {@link #macAgent}, but its converter makes LayerNorm's epsilon ten times too large. */
    Daemon faultyMacAgent(String name) {
        var classPath = FaultyConverter.compile(folder) + File.pathSeparator + classPath("agent-mac");
        return agent(classPath, "dev.fairlead.agent.mac.Main", name, "mac", grpcPort, List.of());
    }

    /** The stand-in of a GPU node: ONNX Runtime on this machine's CPU. */
    Daemon cudaAgent(String name) {
        return cudaAgent(name, grpcPort);
    }

    Daemon cudaAgent(String name, int port) {
        return agent(
                classPath("agent-cuda"), "dev.fairlead.agent.cuda.Main", name, "cuda", port, List.of("--stand-in"));
    }

    /** An agent that is ready. A second start under the same name continues with the first one's folder and keys. */
    private Daemon agent(String classPath, String main, String name, String pool, int port, List<String> more) {
        var home = folder.resolve(name);
        var options = new ArrayList<>(
                List.of("--server", "127.0.0.1:" + port, "--name", name, "--pool", pool, "--home", home.toString()));
        if (!Files.exists(home)) {
            options.addAll(List.of("--join-token", joinToken(name, pool)));
        }
        options.addAll(more);
        var command = new ArrayList<String>(List.of(
                java(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-Dfairlead.root=" + ROOT));
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(options);
        var daemon = Daemon.start(name, folder.resolve("logs"), command, environment);
        open.push(daemon);
        daemon.awaitLine("ready agent=" + name, Duration.ofMinutes(3));
        awaitAgent(name, AgentState.AGENT_STATE_READY);
        return daemon;
    }

    private String joinToken(String agent, String pool) {
        return client().agents()
                .createJoinToken(CreateJoinTokenRequest.newBuilder()
                        .setAgent(agent)
                        .setPool(pool)
                        .build())
                .getToken();
    }

    void awaitAgent(String name, AgentState state) {
        Await.until(name + " to be " + state, Duration.ofSeconds(30), () -> {
            try {
                return client().agents()
                                .get(GetAgentRequest.newBuilder().setName(name).build())
                                .getState()
                        == state;
            } catch (StatusRuntimeException e) {
                return false;
            }
        });
    }

    /** The control plane's own database, to look at what is durable and to hold locks. */
    Connection database() {
        try {
            var json =
                    new ObjectMapper().readTree(home().resolve("postgres.json").toFile());
            return DriverManager.getConnection(
                    json.get("url").asText(),
                    json.get("username").asText(),
                    json.get("password").asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static String classPath(String module) {
        var target = ROOT.resolve(module).resolve("target");
        return target.resolve("fairlead-" + module + "-" + VERSION + ".jar") + File.pathSeparator
                + target.resolve("lib") + "/*";
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        Optional.ofNullable(client).ifPresent(Client::close);
        controlPlane.close();
        deleteTree(folder);
    }

    private static void deleteTree(Path root) {
        var entries = Optional.ofNullable(root.toFile().listFiles());
        entries.stream()
                .flatMap(Arrays::stream)
                .filter(file -> !Files.isSymbolicLink(file.toPath()))
                .filter(File::isDirectory)
                .map(File::toPath)
                .forEach(Cluster::deleteTree);
        entries.stream().flatMap(Arrays::stream).forEach(File::delete);
        root.toFile().delete();
    }
}
