package dev.fairlead.control.wiring;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.IOException;
import java.nio.file.Files;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The time between ready and stopped: tells others where the service listens. */
class ControlPlane implements QuarkusApplication {
    private final Home home;
    private final String grpcHost;
    private final int grpcPort;
    private final String httpHost;
    private final int httpPort;

    ControlPlane(
            Home home,
            @ConfigProperty(name = "quarkus.grpc.server.host") String grpcHost,
            @ConfigProperty(name = "quarkus.grpc.server.port") int grpcPort,
            @ConfigProperty(name = "quarkus.http.host") String httpHost,
            @ConfigProperty(name = "quarkus.http.port") int httpPort) {
        this.home = home;
        this.grpcHost = grpcHost;
        this.grpcPort = grpcPort;
        this.httpHost = httpHost;
        this.httpPort = httpPort;
    }

    @Override
    public int run(String... args) throws IOException {
        PrivateFiles.write(home.endpoint(), """
                {"grpc": "%s:%d", "http": "http://%s:%d", "pid": %d}
                """.formatted(
                grpcHost, grpcPort, httpHost, httpPort, ProcessHandle.current().pid()));
        try {
            Quarkus.waitForExit();
        } finally {
            Files.deleteIfExists(home.endpoint());
        }
        return 0;
    }
}
