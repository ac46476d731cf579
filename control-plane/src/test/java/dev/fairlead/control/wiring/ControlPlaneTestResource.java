package dev.fairlead.control.wiring;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What the main class sets up, for a test of the whole service: a database, a home folder, free ports. */
public final class ControlPlaneTestResource implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        try {
            PostgresServer.Credentials database = ControlPlaneDatabase.fresh().credentials();
            Path home = Files.createTempDirectory("fairlead-test-home");
            return Map.of(
                    "fairlead.database.url", database.url(),
                    "fairlead.database.username", database.username(),
                    "fairlead.database.password", database.password(),
                    "fairlead.home", home.toString(),
                    "quarkus.grpc.server.test-port", Integer.toString(freePort()),
                    "quarkus.http.test-port", "0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        // The database ends with the JVM; the home is a few files in the system's temporary folder.
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
