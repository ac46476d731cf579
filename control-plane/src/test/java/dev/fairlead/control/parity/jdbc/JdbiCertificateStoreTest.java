package dev.fairlead.control.parity.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.control.parity.Certificates;
import dev.fairlead.control.wiring.ControlPlaneDatabase;
import dev.fairlead.parity.certificate.Certificate;
import dev.fairlead.parity.certificate.Keys;
import dev.fairlead.parity.certificate.Side;
import dev.fairlead.parity.certificate.SignedCertificate;
import dev.fairlead.parity.certificate.SigningKey;
import dev.fairlead.parity.verdict.Claim;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JdbiCertificateStoreTest {
    @RegisterExtension
    static final ControlPlaneDatabase DATABASE = ControlPlaneDatabase.fresh();

    private static final Side SIDE =
            new Side("NVIDIA H100", "Linux 6.8", "580", "onnxruntime", "1.23", "CUDA", Map.of("use_tf32", "0"), false);

    private final JdbiCertificateStore store = new JdbiCertificateStore(DATABASE.jdbi());

    @Test
    void signsWithOneKeyWhicheverControlPlaneSigns() {
        SignedCertificate one = new Certificates(store).issue(certificate("pr-1", "passed"));
        SignedCertificate other =
                new Certificates(new JdbiCertificateStore(DATABASE.jdbi())).issue(certificate("pr-2", "passed"));
        assertThat(other.signedBy(one.publicKey())).isTrue();
        assertThat(one.certificate()).isEqualTo(certificate("pr-1", "passed"));
    }

    @Test
    void keepsTheFirstKey() {
        SigningKey first = store.keep(SigningKey.generate());
        assertThat(store.keep(SigningKey.generate()).open()).isEqualTo(first.open());
        assertThat(store.key().orElseThrow().secret()).isEqualTo(first.secret());
    }

    @Test
    void keepsTheFirstCertificateOfAPromotion() {
        Certificates certificates = new Certificates(store);
        SignedCertificate first = certificates.issue(certificate("pr-3", "passed"));
        assertThat(certificates.issue(certificate("pr-3", "passed again")).write())
                .isEqualTo(first.write());
    }

    @Test
    void saysThatThereIsNone() {
        assertThatThrownBy(() -> new Certificates(store).get("pr-9"))
                .hasMessage("promotion pr-9 has no certificate: only a parity verdict of PASSED gets one");
    }

    private static Certificate certificate(String promotion, String sentence) {
        return Certificate.of(
                promotion,
                Instant.parse("2026-11-27T16:00:00Z"),
                sentence,
                Claim.of(59, 0),
                "sha256:dd",
                "sha256:ee",
                new Keys("sha256:aa", "sha256:bb", "sha256:cc", "", "float32", SIDE, SIDE));
    }
}
