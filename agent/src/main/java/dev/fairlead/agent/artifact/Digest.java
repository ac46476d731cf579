package dev.fairlead.agent.artifact;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 hash as 64 lowercase hex digits; printed with {@code sha256:} before it. */
public record Digest(String hex) {
    private static final String PREFIX = "sha256:";

    public Digest {
        if (!hex.matches("[0-9a-f]{64}")) {
            throw new AgentFailure(FailureCode.BAD_ARTIFACT, "digest: want 64 lowercase hex digits, got '" + hex + "'");
        }
    }

    public static Digest parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new AgentFailure(FailureCode.BAD_ARTIFACT, "digest: want sha256:…, got '" + text + "'");
        }
        return new Digest(text.substring(PREFIX.length()));
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    public static Digest finish(MessageDigest hash) {
        return new Digest(HexFormat.of().formatHex(hash.digest()));
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }
}
