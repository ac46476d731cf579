package dev.fairlead.parity.certificate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A certificate as it is exported: one line of JSON with {@code certificate}, {@code signature} and {@code public_key}, the last two
 * in base64. What is signed is the member {@code certificate} in canonical form: UTF-8, no spaces, members in the order of their names.
 * White space and order in the file do not matter; any other change does, a member that this version does not know too.
 */
public final class SignedCertificate {
    private final Certificate certificate;
    private final String text;
    private final byte[] signature;
    private final byte[] publicKey;

    SignedCertificate(Certificate certificate, String text, byte[] signature, byte[] publicKey) {
        this.certificate = certificate;
        this.text = text;
        this.signature = signature.clone();
        this.publicKey = publicKey.clone();
    }

    public static SignedCertificate sign(Certificate certificate, SigningKey key) {
        String text = CertificateJson.canonical(certificate);
        byte[] signature = key.sign(text.getBytes(StandardCharsets.UTF_8));
        return new SignedCertificate(certificate, text, signature, key.open());
    }

    /**
     * Reads what {@link #write} wrote, whether its signature is right or not.
     *
     * @throws IllegalArgumentException where it is no certificate, beginning with the source's name
     */
    public static SignedCertificate read(String source, String json) {
        return CertificateJson.read(source, json);
    }

    public String write() {
        Base64.Encoder base64 = Base64.getEncoder();
        return "{\"certificate\":%s,\"public_key\":\"%s\",\"signature\":\"%s\"}\n"
                .formatted(text, base64.encodeToString(publicKey), base64.encodeToString(signature));
    }

    /** Whether the key that it names itself signed it: unchanged since, but by anyone. */
    public boolean unchanged() {
        return signedBy(publicKey);
    }

    /** Whether this key, X.509 SubjectPublicKeyInfo in DER, signed it, and is the one that it names. */
    public boolean signedBy(byte[] key) {
        return Arrays.equals(key, publicKey)
                && SigningKey.verify(text.getBytes(StandardCharsets.UTF_8), signature, key);
    }

    public Certificate certificate() {
        return certificate;
    }

    /** X.509 SubjectPublicKeyInfo, DER. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** What it certifies, in lines of at most 100 columns. */
    public String summary() {
        return CertificateText.of(certificate);
    }
}
