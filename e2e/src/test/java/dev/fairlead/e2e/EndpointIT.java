package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.proto.v1.ListJobsRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A control plane as an installation sets it up: over a PostgreSQL of its own, and behind TLS. */
class EndpointIT {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path folder;

    @Test
    void keepsItsStateInAnExternalDatabase() throws IOException, SQLException {
        try (var owner = Cluster.start()) {
            try (var connection = owner.database();
                    var statement = connection.createStatement()) {
                statement.execute("create database elsewhere");
            }
            var json = new ObjectMapper()
                    .readTree(owner.home().resolve("postgres.json").toFile());
            var settings = Map.of(
                    "fairlead.database.url",
                    json.get("url").asText().replaceFirst("/[^/?]*(\\?|$)", "/elsewhere$1"),
                    "fairlead.database.username",
                    json.get("username").asText(),
                    "fairlead.database.password",
                    json.get("password").asText());
            try (var guest = Cluster.start(settings, Map.of())) {
                assertThat(guest.home().resolve("postgres")).doesNotExist();
                var job = guest.client().submit(Specs.shell("exit 0", "nowhere").build(), "external");
                guest.killControlPlane();
                guest.restartControlPlane();
                assertThat(guest.client().job(job.getId()).getSpec()).isEqualTo(job.getSpec());
                assertThat(owner.client()
                                .jobs()
                                .list(ListJobsRequest.getDefaultInstance())
                                .getJobsList())
                        .isEmpty();
            }
        }
    }

    @Test
    void servesPeopleAndAgentsOverTls() throws Exception {
        var certificate = folder.resolve("tls.crt");
        writeCertificate(certificate, folder.resolve("tls.key"));
        var settings = Map.of(
                "quarkus.grpc.server.plain-text",
                "false",
                "quarkus.grpc.server.ssl.certificate",
                certificate.toString(),
                "quarkus.grpc.server.ssl.key",
                folder.resolve("tls.key").toString());
        try (var cluster = Cluster.start(settings, Map.of())) {
            var trusted = List.of("--tls-ca", certificate.toString());
            var token = cli(cluster, 0, trusted, "agent", "token", "gpu-1", "--pool", "cuda");
            var command = new ArrayList<>(List.of(
                    Cluster.java(),
                    "-Xmx256m",
                    "--enable-native-access=ALL-UNNAMED",
                    "-Dfairlead.root=" + Cluster.ROOT,
                    "-cp",
                    Cluster.classPath("agent-cuda"),
                    "dev.fairlead.agent.cuda.Main",
                    "--stand-in",
                    "--server",
                    "localhost:" + cluster.grpcPort(),
                    "--name",
                    "gpu-1",
                    "--pool",
                    "cuda",
                    "--home",
                    folder.resolve("gpu-1").toString(),
                    "--join-token",
                    token.lines()
                            .filter(line -> !line.contains(" "))
                            .findFirst()
                            .orElseThrow()));
            command.addAll(trusted);
            try (var agent = Daemon.start("gpu-1", folder.resolve("logs"), command, Map.of())) {
                agent.awaitLine("ready agent=gpu-1", Duration.ofMinutes(1));
                assertThat(cli(cluster, 0, trusted, "agent", "ls")).contains("gpu-1", "ready");
                assertThat(cli(cluster, 3, List.of(), "agent", "ls")).contains("localhost:" + cluster.grpcPort());
            }
        }
    }

    private String cli(Cluster cluster, int exitCode, List<String> options, String... words)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(Cluster.ROOT.resolve("fairlead").toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("--server", "localhost:" + cluster.grpcPort(), "--token", cluster.token()));
        command.addAll(options);
        var log = Files.createTempFile(folder, "cli", ".log");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(2, TimeUnit.MINUTES);
        process.destroy();
        assertThat(ended).as(Files.readString(log)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(exitCode);
        return Files.readString(log);
    }

    /** Self-signed, for localhost, made by the JDK's own tool. */
    private void writeCertificate(Path certificate, Path key)
            throws IOException, InterruptedException, GeneralSecurityException {
        var store = folder.resolve("tls.p12");
        var keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "tls",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        Files.writeString(
                certificate, pem("CERTIFICATE", keys.getCertificate("tls").getEncoded()));
        Files.writeString(
                key,
                pem("PRIVATE KEY", keys.getKey("tls", PASSWORD.toCharArray()).getEncoded()));
    }

    private static String pem(String type, byte[] bytes) {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
    }
}
