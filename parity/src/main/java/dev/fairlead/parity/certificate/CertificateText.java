package dev.fairlead.parity.certificate;

import java.util.StringJoiner;

/** A certificate for people, at most 100 columns wide. */
final class CertificateText {
    private static final int WIDTH = 100;
    private static final int MARGIN = 12;

    private CertificateText() {}

    static String of(Certificate certificate) {
        Keys keys = certificate.keys();
        StringJoiner lines = new StringJoiner("\n");
        row(lines, "promotion", certificate.promotion() + ", issued " + certificate.issuedAt());
        row(lines, "verdict", certificate.sentence());
        row(lines, "claim", certificate.claim().sentence());
        row(lines, "source", keys.sourceModel());
        row(lines, "candidate", keys.candidateModel());
        row(lines, "suite", keys.suite());
        row(lines, "precision", keys.precision().isEmpty() ? "unknown" : keys.precision());
        row(lines, "reference", keys.reference().summary());
        row(lines, "runs on", keys.candidate().summary());
        row(lines, "report", certificate.report());
        return lines.toString();
    }

    private static void row(StringJoiner lines, String name, String text) {
        StringBuilder line = new StringBuilder(String.format("%-" + MARGIN + "s", name));
        int filled = MARGIN;
        // Control characters come from a file that anybody may have written.
        for (String word : text.replaceAll("\\p{Cntrl}", " ").split(" +", -1)) {
            String shown = word.length() > WIDTH - MARGIN ? word.substring(0, WIDTH - MARGIN - 1) + "…" : word;
            if (filled > MARGIN && filled + 1 + shown.length() > WIDTH) {
                lines.add(line);
                line = new StringBuilder(" ".repeat(MARGIN));
                filled = MARGIN;
            }
            if (filled > MARGIN) {
                line.append(' ');
                filled++;
            }
            line.append(shown);
            filled += shown.length();
        }
        lines.add(line);
    }
}
