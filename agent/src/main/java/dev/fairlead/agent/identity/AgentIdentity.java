package dev.fairlead.agent.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;

/**
 * An agent's Ed25519 key pair, kept in {@code agent.key} (mode 0600: private key as PKCS #8, then public key as
 * SubjectPublicKeyInfo, each base64 on a line of its own), and the tokens that it signs.
 */
public final class AgentIdentity {
    /** The control plane takes no token that is valid for longer. */
    private static final long TOKEN_SECONDS = 60;

    private static final String FILE = "agent.key";

    private final KeyPair keys;

    private AgentIdentity(KeyPair keys) {
        this.keys = keys;
    }

    /** Reads the key pair in {@code home}, or makes one. */
    public static AgentIdentity open(Path home) throws IOException {
        Path file = home.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                write(file, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
            }
            var lines = Files.readAllLines(file);
            if (lines.size() < 2) {
                throw new IOException(FILE + ": want two lines, got " + lines.size());
            }
            var factory = KeyFactory.getInstance("Ed25519");
            var decoder = Base64.getDecoder();
            return new AgentIdentity(new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(decoder.decode(lines.get(1)))),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(decoder.decode(lines.getFirst())))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(FILE + ": holds no Ed25519 key pair", e);
        }
    }

    private static void write(Path file, KeyPair keys) throws IOException {
        var encoder = Base64.getEncoder();
        String text = encoder.encodeToString(keys.getPrivate().getEncoded()) + "\n"
                + encoder.encodeToString(keys.getPublic().getEncoded()) + "\n";
        // Made with its mode, so that the key is never readable by others, not even for a moment.
        Path next = file.resolveSibling(FILE + ".next");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** X.509 SubjectPublicKeyInfo, DER. */
    public byte[] publicKey() {
        return keys.getPublic().getEncoded();
    }

    /** A compact JWS (RFC 7515, RFC 8037) by which the agent names itself from {@code now} for a minute. */
    public String token(String agent, Instant now) {
        String header = base64("{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}");
        long issued = now.getEpochSecond();
        String claims = base64("{\"sub\":\"" + agent + "\",\"iat\":" + issued + ",\"exp\":" + (issued + TOKEN_SECONDS)
                + ",\"aud\":\"fairlead\"}");
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update((header + "." + claims).getBytes(StandardCharsets.US_ASCII));
            return header + "." + claims + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java 15 or newer has Ed25519", e);
        }
    }

    private static String base64(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
