package dev.fairlead.control.artifact;

import dev.fairlead.control.error.FairleadException;

/**
 * The SHA-256 of a blob or of a tree's manifest.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) implements Comparable<Digest> {
    private static final String PREFIX = "sha256:";
    private static final int HEX_DIGITS = 64;

    public Digest {
        if (!isHex(hex)) {
            throw new IllegalArgumentException("digest is not 64 lower-case hexadecimal digits: '" + shown(hex) + "'");
        }
    }

    /** Reads {@code sha256:<hex>}; a failure names {@code field}. */
    public static Digest parse(String text, String field) {
        if (text.isEmpty()) {
            throw FairleadException.missing(field);
        }
        if (!text.startsWith(PREFIX) || !isHex(text.substring(PREFIX.length()))) {
            throw FairleadException.invalid(
                    field, "must be 'sha256:' and 64 lower-case hexadecimal digits, got '" + shown(text) + "'");
        }
        return new Digest(text.substring(PREFIX.length()));
    }

    /** True where {@code text} is meant as a digest, well-formed or not. */
    public static boolean looksLike(String text) {
        return text.startsWith(PREFIX);
    }

    @Override
    public int compareTo(Digest other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }

    private static boolean isHex(String text) {
        return text.length() == HEX_DIGITS
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    private static String shown(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
