package dev.fairlead.control.artifact;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The canonical form of a tree that its digest is taken of; artifacts.proto defines it. */
public final class Manifest {
    private Manifest() {}

    /** The files in canonical order. */
    public static List<TreeFile> sorted(List<TreeFile> files) {
        return files.stream().sorted((a, b) -> compare(a.path(), b.path())).toList();
    }

    /** The order of the strings' UTF-8 bytes, which is that of their code points and not that of their UTF-16 units. */
    static int compare(String a, String b) {
        int shorter = Math.min(a.length(), b.length());
        for (int i = 0; i < shorter; i++) {
            if (a.charAt(i) != b.charAt(i)) {
                return Integer.compare(rank(a.charAt(i)), rank(b.charAt(i)));
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** Surrogates stand for code points above every other unit. */
    private static int rank(char unit) {
        return Character.isSurrogate(unit) ? unit + 0x10000 : unit;
    }

    /** The digest of the tree that holds {@code files}, in any order. */
    public static Digest digest(List<TreeFile> files) {
        MessageDigest sha256 = sha256();
        for (TreeFile file : sorted(files)) {
            String line = file.digest().hex() + " " + file.size() + " " + file.path() + "\n";
            sha256.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return new Digest(HexFormat.of().formatHex(sha256.digest()));
    }

    /** A fresh SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
