package dev.fairlead.parity.certificate;

import static dev.fairlead.parity.certificate.SignedCertificateTest.CANDIDATE;
import static dev.fairlead.parity.certificate.SignedCertificateTest.KEYS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KeysTest {
    @Test
    void isNotStaleWhereNothingChanged() {
        assertThat(KEYS.stale(KEYS)).isEmpty();
    }

    @Test
    void namesTheFirstKeyThatDiffersWithBothValues() {
        Side now = new Side(
                CANDIDATE.device(),
                CANDIDATE.os(),
                "590.01",
                CANDIDATE.runtime(),
                "1.24.0",
                CANDIDATE.provider(),
                CANDIDATE.precisionSettings(),
                CANDIDATE.standIn());
        assertThat(KEYS.stale(KEYS.withCandidate(now)))
                .contains(new Keys.Difference("candidate.driver", "580.95", "590.01"));
    }

    @Test
    void seesAPrecisionSettingThatCameOrWent() {
        assertThat(KEYS.stale(KEYS.withCandidate(tf32(Map.of()))))
                .contains(new Keys.Difference("candidate.precision_settings.tf32", "off", ""));
        assertThat(KEYS.withCandidate(tf32(Map.of())).stale(KEYS))
                .contains(new Keys.Difference("candidate.precision_settings.tf32", "", "off"));
    }

    private static Side tf32(Map<String, String> settings) {
        return new Side(
                CANDIDATE.device(),
                CANDIDATE.os(),
                CANDIDATE.driver(),
                CANDIDATE.runtime(),
                CANDIDATE.runtimeVersion(),
                CANDIDATE.provider(),
                settings,
                CANDIDATE.standIn());
    }
}
