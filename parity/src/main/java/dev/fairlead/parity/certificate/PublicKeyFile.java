package dev.fairlead.parity.certificate;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A public key as PEM (RFC 7468), as OpenSSL reads and writes it. */
public final class PublicKeyFile {
    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";

    private PublicKeyFile() {}

    /** {@code der} is an X.509 SubjectPublicKeyInfo. */
    public static String write(byte[] der) {
        Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
        return BEGIN + "\n" + lines.encodeToString(der) + "\n" + END + "\n";
    }

    /**
     * The key as DER.
     *
     * @throws IllegalArgumentException where the text is none, beginning with the source's name
     */
    public static byte[] read(String source, String text) {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException(source + ": is no public key in PEM");
        }
        try {
            return Base64.getDecoder()
                    .decode(text.substring(begin + BEGIN.length(), end).replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(source + ": is no public key in PEM", e);
        }
    }
}
