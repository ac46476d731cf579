package dev.fairlead.bench.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grpc.CallCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A control plane of this checkout with a home of its own, on free ports of loopback, stopped and deleted at the end. */
final class ControlPlane implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(4);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Path folder;
    private final Process process;
    private final ManagedChannel channel;
    private final CallCredentials admin;

    private ControlPlane(Path folder, Process process, ManagedChannel channel, CallCredentials admin) {
        this.folder = folder;
        this.process = process;
        this.channel = channel;
        this.admin = admin;
    }

    static ControlPlane start() throws IOException {
        Path jar = Path.of(System.getProperty("fairlead.root", "."))
                .resolve("control-plane/target/quarkus-app/quarkus-run.jar")
                .toAbsolutePath();
        if (!Files.exists(jar)) {
            throw new IOException(jar + ": is missing; build the control plane, and set fairlead.root to the checkout");
        }
        Path folder = Files.createTempDirectory("fairlead-bench-");
        Path home = folder.resolve("home");
        int port = freePort();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Dfairlead.home=" + home,
                        "-Dquarkus.grpc.server.port=" + port,
                        "-Dquarkus.http.port=" + freePort(),
                        "-jar",
                        jar.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("control-plane.log").toFile())
                .start();
        // An interrupted run must not leave it behind.
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("bench-stop").unstarted(process::destroy));
        try {
            await(process, home.resolve("endpoint.json"), folder.resolve("control-plane.log"));
            String token = Files.readString(home.resolve("admin.token")).strip();
            ManagedChannel channel = NettyChannelBuilder.forAddress(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .usePlaintext()
                    // A message has arrived when the event loop has it.
                    .directExecutor()
                    .build();
            return new ControlPlane(folder, process, channel, credentials("Bearer " + token));
        } catch (IOException | RuntimeException e) {
            stop(process);
            throw e;
        }
    }

    ManagedChannel channel() {
        return channel;
    }

    /** For calls as the administrator. */
    CallCredentials admin() {
        return admin;
    }

    /** On the disk that holds the control plane's blobs. */
    Path folder() {
        return folder;
    }

    /** A connection of our own to the database that the control plane uses. */
    Connection database() throws IOException, SQLException {
        JsonNode file =
                new JsonMapper().readTree(folder.resolve("home/postgres.json").toFile());
        return DriverManager.getConnection(
                file.get("url").asText(),
                file.get("username").asText(),
                file.get("password").asText());
    }

    static CallCredentials credentials(String authorization) {
        return new CallCredentials() {
            @Override
            public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
                Metadata headers = new Metadata();
                headers.put(AUTHORIZATION, authorization);
                applier.apply(headers);
            }
        };
    }

    @Override
    public void close() throws IOException {
        channel.shutdownNow();
        stop(process);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void await(Process process, Path endpoint, Path log) throws IOException {
        long deadline = System.nanoTime() + START.toNanos();
        while (!Files.exists(endpoint)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                List<String> lines = Files.readAllLines(log);
                String end = String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
                throw new IOException("the control plane was not ready within " + START + ":\n" + end);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
