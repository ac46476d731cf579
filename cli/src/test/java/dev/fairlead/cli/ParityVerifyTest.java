package dev.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.parity.certificate.Certificate;
import dev.fairlead.parity.certificate.Keys;
import dev.fairlead.parity.certificate.PublicKeyFile;
import dev.fairlead.parity.certificate.Side;
import dev.fairlead.parity.certificate.SignedCertificate;
import dev.fairlead.parity.certificate.SigningKey;
import dev.fairlead.parity.verdict.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ParityVerifyTest {
    private static final Side SIDE =
            new Side("NVIDIA H100", "Linux 6.8", "580", "onnxruntime", "1.23", "CUDA", Map.of("use_tf32", "0"), false);

    @TempDir
    Path folder;

    private final Cli cli = new Cli();
    private final SigningKey key = SigningKey.generate();
    private final SignedCertificate signed = SignedCertificate.sign(
            Certificate.of(
                    "pr-1",
                    Instant.parse("2026-11-27T16:00:00Z"),
                    "every output within its limit",
                    Claim.of(299, 0),
                    "sha256:dd",
                    "sha256:ee",
                    new Keys("sha256:aa", "sha256:bb", "sha256:cc", "", "float32", SIDE, SIDE)),
            key);
    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("certificate.json"), signed.write());
    }

    @Test
    void saysWhatAValidCertificateCertifies() throws IOException {
        Path pem = Files.writeString(folder.resolve("key.pem"), PublicKeyFile.write(key.open()));
        assertThat(cli.run("parity", "verify", file.toString(), "--key", pem.toString()))
                .isZero();
        assertThat(cli.out())
                .startsWith("VALID: signed by the key in " + pem)
                .contains("pr-1, issued 2026-11-27T16:00:00Z", "sha256:bb", "NVIDIA H100, onnxruntime 1.23");
    }

    @Test
    void saysThatTheKeyIsTheCertificatesOwnWhereNoneIsGiven() {
        assertThat(cli.run("parity", "verify", file.toString())).isZero();
        assertThat(cli.out()).startsWith("VALID: unchanged since it was signed; --key would show by whom");
    }

    @Test
    void refusesAChangedText() throws IOException {
        Files.writeString(file, signed.write().replace("\"use_tf32\":\"0\"", "\"use_tf32\":\"1\""));
        assertThat(cli.run("parity", "verify", file.toString())).isEqualTo(1);
        assertThat(cli.out()).startsWith("NOT VALID: the signature is not of this text");
    }

    @Test
    void refusesAnotherKey() throws IOException {
        Path pem = Files.writeString(
                folder.resolve("key.pem"),
                PublicKeyFile.write(SigningKey.generate().open()));
        assertThat(cli.run("parity", "verify", file.toString(), "--key", pem.toString()))
                .isEqualTo(1);
        assertThat(cli.out()).startsWith("NOT VALID: signed by another key");
    }

    @Test
    void tellsAnUnreadableFileFromAWrongSignature() throws IOException {
        assertThat(cli.run("parity", "verify", folder.resolve("none").toString()))
                .isEqualTo(3);
        Files.writeString(file, "{}");
        assertThat(cli.run("parity", "verify", file.toString())).isEqualTo(3);
    }
}
