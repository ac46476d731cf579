package dev.fairlead.parity.compare;

import dev.fairlead.parity.verdict.Comparison;
import dev.fairlead.parity.verdict.Corner;
import dev.fairlead.parity.verdict.Culprit;
import dev.fairlead.parity.verdict.Figures;
import dev.fairlead.parity.verdict.Fingerprint;
import dev.fairlead.parity.verdict.Operation;
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
    private static final String COMPARISON = "  %-20s %-9s %-8s %8s %8s %9s";
    private static final String OPERATION = "  %-26s %-20s %-20s %8s %s";
    private static final int BAR = 16;

    /** Of float64, where a bar begins. */
    private static final double SMALLEST = 1e-16;

    private final List<String> lines = new ArrayList<>();

    private ReportText() {}

    public static String of(Report report) {
        ReportText text = new ReportText();
        text.wrapped("", report.sentence());
        text.lines.add("");
        if (report.corners().isEmpty()) {
            text.wrapped("reference  ", side(report.reference()));
            text.wrapped("candidate  ", side(report.candidate()));
        } else {
            report.corners().forEach((corner, side) -> text.wrapped("%-3s        ".formatted(corner), side(side)));
        }
        text.wrapped("inputs     ", report.inputs() + "; " + report.claim().sentence());
        report.notes().forEach(note -> text.wrapped("note       ", note));
        if (!report.comparisons().isEmpty()) {
            text.comparisons(report);
        }
        if (!report.outputs().isEmpty()) {
            text.outputs(report.outputs());
        }
        text.operations(report);
        report.outputs().forEach(text::details);
        return text.lines.stream().map(String::stripTrailing).collect(Collectors.joining("\n", "", "\n"));
    }

    private void comparisons(Report report) {
        lines.add("");
        lines.add(COMPARISON.formatted("judged", "corners", "verdict", "rho", "n", "nrmse"));
        for (Comparison comparison : report.comparisons()) {
            lines.add(COMPARISON.formatted(
                    comparison.judges().text().replace("the ", ""),
                    corners(comparison.judges(), report),
                    comparison.verdict(),
                    rho(comparison.rho()),
                    report.inputs(),
                    number(comparison.outputs().stream()
                            .map(OutputVerdict::figures)
                            .filter(figures -> figures != null)
                            .mapToDouble(Figures::normalisedRmse)
                            .max()
                            .orElse(0))));
        }
    }

    private static String corners(Comparison.Judges judges, Report report) {
        return switch (judges) {
            case CONVERSION -> "S64 G64";
            case SOURCE_MACHINE -> report.corners().containsKey(Corner.S64) ? "S S64" : "S G64";
            case TARGET_MACHINE -> "C G64";
        };
    }

    private static String rho(double rho) {
        return Double.isNaN(rho) ? "-" : rho < 100 ? String.format(Locale.ROOT, "%.2f", rho) : number(rho);
    }

    /** The worst, each with a bar on a logarithmic scale from float64's last digit to 1. */
    private void operations(Report report) {
        Culprit culprit = report.culprit();
        if (culprit != null) {
            lines.add("");
            wrapped("culprit    ", culprit.sentence());
        }
        if (report.operations().isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(OPERATION.formatted("worst operations", "op", "rule", "nrmse", ""));
        for (Operation operation : report.operations()) {
            double share = Math.log(operation.error() / SMALLEST) / Math.log(1 / SMALLEST);
            int length = (int) Math.round(BAR * Math.clamp(share, 0, 1));
            lines.add(OPERATION.formatted(
                    cut(operation.name(), 26),
                    cut(operation.op(), 20),
                    cut(operation.rule().isEmpty() ? "-" : operation.rule(), 20),
                    number(operation.error()),
                    "█".repeat(length)));
        }
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
                    limit(output),
                    figures == null ? "-" : number(figures.maxAbsolute()),
                    figures == null ? "-" : number(figures.maxRelative()),
                    figures == null ? "-" : String.format(Locale.ROOT, "%.6f", figures.cosine())));
        }
    }

    /** In units of the noise where there is one. */
    private static String limit(OutputVerdict output) {
        Double floor = output.floor();
        if (floor != null) {
            return "ρ " + rho(output.rho() == null ? Double.NaN : output.rho());
        }
        return output.limit() == 0 ? "exact" : number(output.limit());
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
