package dev.fairlead.parity.certificate;

import dev.fairlead.parity.verdict.Claim;
import java.time.Instant;

/**
 * That a promotion's comparison passed.
 *
 * @param format always {@code fairlead-parity-certificate}
 * @param version of the layout, 1
 * @param promotion its id
 * @param sentence of the verdict
 * @param claim what the inputs say about all inputs
 * @param report digest of the tree that holds the report
 * @param policy digest of the policy it was judged by
 */
public record Certificate(
        String format,
        int version,
        String promotion,
        Instant issuedAt,
        String sentence,
        Claim claim,
        String report,
        String policy,
        Keys keys) {
    public static final String FORMAT = "fairlead-parity-certificate";
    public static final int VERSION = 1;

    public Certificate {
        if (!format.equals(FORMAT)) {
            throw new IllegalArgumentException("format: " + format + " is not " + FORMAT);
        }
        if (version != VERSION) {
            throw new IllegalArgumentException("version: " + version + " is not " + VERSION);
        }
        if (promotion.isBlank()) {
            throw new IllegalArgumentException("promotion: is blank");
        }
    }

    public static Certificate of(
            String promotion, Instant issuedAt, String sentence, Claim claim, String report, String policy, Keys keys) {
        return new Certificate(FORMAT, VERSION, promotion, issuedAt, sentence, claim, report, policy, keys);
    }
}
