package dev.fairlead.parity.compare;

import dev.fairlead.parity.verdict.Figures;
import dev.fairlead.parity.verdict.Fingerprint;
import dev.fairlead.parity.verdict.OutputVerdict;
import dev.fairlead.parity.verdict.OutputVerdict.CaseFigures;
import dev.fairlead.parity.verdict.Report;
import dev.fairlead.parity.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A report for a terminal of {@value #WIDTH} columns. */
public final class ReportText {
    static final int WIDTH = 100;

    private static final int NAME = 26;
    private static final String ROW = "  %-" + NAME + "s %-9s %-12s %9s %9s %9s %9s %8s";

    private final List<String> lines = new ArrayList<>();

    private ReportText() {}

    public static String of(Report report) {
        ReportText text = new ReportText();
        text.wrapped("", report.sentence());
        text.lines.add("");
        text.wrapped("reference  ", side(report.reference()));
        text.wrapped("candidate  ", side(report.candidate()));
        text.wrapped("inputs     ", report.inputs() + "; " + report.claim().sentence());
        report.notes().forEach(note -> text.wrapped("note       ", note));
        if (!report.outputs().isEmpty()) {
            text.outputs(report.outputs());
        }
        report.outputs().forEach(text::details);
        return text.lines.stream().map(String::stripTrailing).collect(Collectors.joining("\n", "", "\n"));
    }

    private void outputs(List<OutputVerdict> outputs) {
        lines.add("");
        lines.add(ROW.formatted("output", "dtype", "verdict", "nrmse", "limit", "max abs", "max rel", "cosine"));
        for (OutputVerdict output : outputs) {
            Figures figures = output.figures();
            lines.add(ROW.formatted(
                    cut(output.name(), NAME),
                    cut(output.precision(), 9),
                    output.verdict(),
                    figures == null ? "-" : number(figures.normalisedRmse()),
                    output.limit() == 0 ? "exact" : number(output.limit()),
                    figures == null ? "-" : number(figures.maxAbsolute()),
                    figures == null ? "-" : number(figures.maxRelative()),
                    figures == null ? "-" : String.format(Locale.ROOT, "%.6f", figures.cosine())));
        }
    }

    private void details(OutputVerdict output) {
        lines.add("");
        wrapped("", output.sentence());
        Figures figures = output.figures();
        if (figures != null) {
            wrapped(
                    "  ",
                    "%d of %d elements differ, at most %d ulp; SNR %s dB, PSNR %s dB"
                            .formatted(
                                    figures.differing(),
                                    figures.elements(),
                                    figures.maxUlp(),
                                    decibel(figures.snrDb()),
                                    decibel(figures.psnrDb())));
        }
        if (output.verdict() == Verdict.FAILED && !output.worst().isEmpty()) {
            lines.add(ROW.formatted("case", "", "", "nrmse", "", "max abs", "max rel", "cosine"));
            for (CaseFigures worst : output.worst()) {
                lines.add(ROW.formatted(
                        cut(worst.name(), NAME),
                        "",
                        "",
                        number(worst.normalisedRmse()),
                        "",
                        number(worst.maxAbsolute()),
                        number(worst.maxRelative()),
                        String.format(Locale.ROOT, "%.6f", worst.cosine())));
            }
        }
    }

    private static String side(@Nullable Fingerprint fingerprint) {
        if (fingerprint == null) {
            return "not read";
        }
        String agent = fingerprint.agent().isEmpty() ? "" : fingerprint.agent() + ": ";
        return agent + fingerprint.summary() + (fingerprint.provider().isEmpty() ? "" : ", " + fingerprint.provider());
    }

    /** Breaks at spaces; later lines are indented as deep as the label. */
    private void wrapped(String label, String text) {
        StringBuilder line = new StringBuilder(label);
        String indent = " ".repeat(label.length());
        boolean empty = true;
        for (String word : text.split(" ", -1)) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(indent);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        lines.add(line.toString());
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }

    private static String number(double value) {
        return Double.isInfinite(value) ? "inf" : OutputJudge.number(value);
    }

    private static String decibel(double value) {
        return Double.isInfinite(value) ? (value > 0 ? "inf" : "-inf") : String.format(Locale.ROOT, "%.1f", value);
    }
}
