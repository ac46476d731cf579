package dev.fairlead.cli.parity;

import dev.fairlead.cli.terminal.Table;
import dev.fairlead.cli.terminal.Terminal;
import dev.fairlead.cli.terminal.Units;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.Fingerprint;
import dev.fairlead.proto.v1.ParityReport;
import dev.fairlead.proto.v1.ParityVerdict;
import java.util.Locale;

/** A parity report for people: what ran on each side, one row per output, and the verdict. */
public final class ParityTable {
    private ParityTable() {}

    public static void print(ParityReport report, Terminal terminal) {
        terminal.line("reference  " + side(report.getReference()));
        terminal.line("candidate  " + side(report.getCandidate()));
        table(report).lines().forEach(line -> terminal.line("  " + line));
        var verdict = Words.of(report.getVerdict()).toUpperCase(Locale.ROOT);
        terminal.line((report.getVerdict() == ParityVerdict.PARITY_VERDICT_PASSED
                        ? terminal.green(verdict)
                        : terminal.red(verdict))
                + "  " + withoutVerdict(report.getSentence(), verdict));
    }

    /** A report's sentence begins with its verdict, which stands here already. */
    private static String withoutVerdict(String sentence, String verdict) {
        var prefix = verdict + ": ";
        return sentence.startsWith(prefix) ? sentence.substring(prefix.length()) : sentence;
    }

    static Table table(ParityReport report) {
        var table = new Table(
                "OUTPUT", "DTYPE", "VERDICT", "NRMSE", "LIMIT", "MAX ABS", "MAX REL", "COSINE", "SNR DB", "ULP",
                "REASON");
        for (var output : report.getOutputsList()) {
            table.row(
                    output.getName(),
                    output.getDtype(),
                    Words.of(output.getVerdict()),
                    Units.number(output.getNormalisedRmse()),
                    Units.number(output.getLimit()),
                    Units.number(output.getMaxAbsolute()),
                    Units.number(output.getMaxRelative()),
                    String.format(Locale.ROOT, "%.9f", output.getCosine()),
                    String.format(Locale.ROOT, "%.1f", output.getSnrDb()),
                    Long.toUnsignedString(output.getMaxUlp()),
                    output.getReason().getCode());
        }
        return table;
    }

    static String side(Fingerprint print) {
        return print.getRuntime() + " " + print.getRuntimeVersion() + " (" + print.getProvider() + ", "
                + print.getPrecision() + ") on " + print.getAgent() + ", " + print.getDevice()
                + (print.getStandIn() ? ", stand-in" : "");
    }
}
