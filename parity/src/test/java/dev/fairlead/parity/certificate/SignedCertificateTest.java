package dev.fairlead.parity.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.parity.verdict.Claim;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SignedCertificateTest {
    private static final SigningKey KEY = SigningKey.generate();
    static final Side CANDIDATE = new Side(
            "NVIDIA H100", "Ubuntu 24.04", "580.95", "onnxruntime", "1.23.2", "CUDA", Map.of("tf32", "off"), false);
    static final Keys KEYS = new Keys(
            "sha256:aa",
            "sha256:bb",
            "sha256:cc",
            "7",
            "float32",
            new Side("Apple M4", "macOS 26.1 (25B78)", "", "mlx", "0.31.0", "metal", Map.of(), false),
            CANDIDATE);
    private static final Certificate CERTIFICATE = Certificate.of(
            "01JD",
            Instant.parse("2026-11-27T16:00:00Z"),
            "passed: é",
            Claim.of(299, 0),
            "sha256:dd",
            "sha256:ee",
            KEYS);
    private static final SignedCertificate SIGNED = SignedCertificate.sign(CERTIFICATE, KEY);

    @Example
    void survivesItsFileAndWhiteSpaceInIt() {
        for (String file : new String[] {SIGNED.write(), SIGNED.write().replace(",\"", " ,\n \"")}) {
            SignedCertificate read = SignedCertificate.read("c.json", file);
            assertThat(read.certificate()).isEqualTo(CERTIFICATE);
            assertThat(read.unchanged()).isTrue();
            assertThat(read.signedBy(KEY.open())).isTrue();
            assertThat(read.write()).isEqualTo(SIGNED.write());
        }
    }

    @Example
    void isNotSignedByAnotherKey() {
        SigningKey other = SigningKey.generate();
        assertThat(SIGNED.signedBy(other.open())).isFalse();
        assertThat(SIGNED.signedBy(new byte[] {1, 2, 3})).isFalse();
    }

    @Example
    void keepsItsKey() {
        SigningKey again = SigningKey.of(KEY.secret(), KEY.open());
        assertThat(SignedCertificate.sign(CERTIFICATE, again).signedBy(KEY.open()))
                .isTrue();
        assertThat(PublicKeyFile.read("k.pem", PublicKeyFile.write(KEY.open()))).isEqualTo(KEY.open());
        assertThatThrownBy(() -> PublicKeyFile.read("k.pem", "no key")).hasMessage("k.pem: is no public key in PEM");
    }

    @Property(tries = 2000)
    void refusesAnyChangedByteOfTheSignedText(
            @ForAll @IntRange(max = Integer.MAX_VALUE) int place, @ForAll @IntRange(min = 1, max = 255) int flip) {
        byte[] text = CertificateJson.canonical(CERTIFICATE).getBytes(StandardCharsets.UTF_8);
        byte[] signature = KEY.sign(text);
        assertThat(SigningKey.verify(text, signature, KEY.open())).isTrue();
        text[place % text.length] ^= (byte) flip;
        assertThat(SigningKey.verify(text, signature, KEY.open())).isFalse();
    }

    @Property(tries = 2000)
    void neverTakesAChangedFileForAnotherCertificate(
            @ForAll @IntRange(max = Integer.MAX_VALUE) int place, @ForAll @IntRange(min = 1, max = 127) int flip) {
        byte[] file = SIGNED.write().getBytes(StandardCharsets.UTF_8);
        file[place % file.length] ^= (byte) flip;
        SignedCertificate read;
        try {
            read = SignedCertificate.read("c.json", new String(file, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("c.json: ");
            return;
        }
        // White space around the text changes nothing.
        assertThat(read.signedBy(KEY.open()) && !read.write().equals(SIGNED.write()))
                .isFalse();
    }

    @Example
    void refusesAnotherSpellingOfTheSignature() {
        // 64 bytes end in a character of which two bits count, and two signs of padding.
        String file = SIGNED.write();
        int last = file.lastIndexOf("==") - 1;
        String padding = file.substring(0, last) + (char) (file.charAt(last) + 1) + file.substring(last + 1);
        assertThatThrownBy(() -> SignedCertificate.read("c.json", padding))
                .hasMessage("c.json: signature: is not base64 as it was written");
    }

    @Example
    void isNotSignedWhereItNamesAnotherKey() {
        String own = Base64.getEncoder().encodeToString(KEY.open());
        String another =
                Base64.getEncoder().encodeToString(SigningKey.generate().open());
        SignedCertificate read = SignedCertificate.read("c.json", SIGNED.write().replace(own, another));
        assertThat(read.signedBy(KEY.open())).isFalse();
        assertThat(read.unchanged()).isFalse();
    }

    @Example
    void refusesMembersThatWereNotSigned() {
        String more = SIGNED.write().replace("{\"certificate\":{", "{\"certificate\":{\"approved\":true,");
        assertThatThrownBy(() -> SignedCertificate.read("c.json", more)).hasMessageContaining("approved");
        String twice = SIGNED.write().replace("\"report\":", "\"report\":\"sha256:00\",\"report\":");
        assertThatThrownBy(() -> SignedCertificate.read("c.json", twice)).hasMessageContaining("report");
        String missing = SIGNED.write().replace("\"report\":\"sha256:dd\",", "");
        assertThatThrownBy(() -> SignedCertificate.read("c.json", missing)).hasMessageContaining("report");
    }

    @Example
    void saysWhatItCertifiesInAHundredColumns() {
        assertThat(SIGNED.summary().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
        assertThat(SIGNED.summary()).contains("sha256:bb", "NVIDIA H100, onnxruntime 1.23.2", "95 % confidence");
    }
}
