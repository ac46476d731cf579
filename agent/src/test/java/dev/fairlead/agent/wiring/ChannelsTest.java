package dev.fairlead.agent.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.agent.artifact.Digest;
import dev.fairlead.agent.artifact.grpc.GrpcArtifacts;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.session.grpc.FakeArtifacts;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS against a real server, with certificates made by the JDK's keytool. */
@Timeout(60)
class ChannelsTest {
    private static final char[] PASSWORD = "for this test only".toCharArray();

    // One key pair for the class: each takes keytool some seconds.
    @TempDir
    private static Path folder = Path.of("made by JUnit");

    private static final FakeArtifacts ARTIFACTS = new FakeArtifacts();
    private static final Digest TREE = Digest.parse(ARTIFACTS.put(Map.of("a.txt", "seven")));
    private static Optional<Server> server = Optional.empty();

    @BeforeAll
    static void serve() throws Exception {
        certificate("server");
        var store = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(folder.resolve("server.p12"))) {
            store.load(file, PASSWORD);
        }
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        server = Optional.of(NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(GrpcSslContexts.configure(SslContextBuilder.forServer(keys))
                        .build())
                .addService(ARTIFACTS)
                .build()
                .start());
    }

    @AfterAll
    static void stop() {
        server.ifPresent(Server::shutdownNow);
    }

    /** Makes {@code NAME.p12} with a key, and {@code NAME.pem} with its certificate. */
    private static Path certificate(String name) throws IOException, InterruptedException {
        String store = folder.resolve(name + ".p12").toString();
        Path certificate = folder.resolve(name + ".pem");
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store,
                "-storepass",
                new String(PASSWORD));
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                name,
                "-file",
                certificate.toString(),
                "-keystore",
                store,
                "-storepass",
                new String(PASSWORD));
        return certificate;
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(java.util.List.of(arguments));
        var process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private static void ask(Optional<Path> authority) throws IOException {
        var channel = Channels.open("127.0.0.1:" + server.orElseThrow().getPort(), authority);
        try {
            assertThat(new GrpcArtifacts(channel).tree(TREE).files()).hasSize(1);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void speaksTlsWithAServerOfTheNamedAuthority() throws Exception {
        ask(Optional.of(folder.resolve("server.pem")));
    }

    @Test
    void refusesAServerOfAnotherAuthority() throws Exception {
        Path other = certificate("other");

        assertThatThrownBy(() -> ask(Optional.of(other)))
                .isInstanceOfSatisfying(
                        AgentFailure.class,
                        failure -> assertThat(failure.code()).isEqualTo(FailureCode.UNAVAILABLE));
    }

    @Test
    void doesNotReachATlsServerWithoutAnAuthority() {
        assertThatThrownBy(() -> ask(Optional.empty())).isInstanceOf(AgentFailure.class);
    }

    @Test
    void namesTheFileThatHoldsNoCertificate() throws IOException {
        Path none = folder.resolve("none.pem");

        assertThatThrownBy(() -> Channels.open("127.0.0.1:1", Optional.of(none)))
                .hasMessageContaining(none.toString());

        Files.writeString(none, "not a certificate");
        assertThatThrownBy(() -> Channels.open("127.0.0.1:1", Optional.of(none)))
                .hasMessageContaining(none.toString());
    }
}
