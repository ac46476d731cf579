package dev.fairlead.control.web;

import dev.fairlead.control.job.JobId;
import dev.fairlead.control.parity.Finding;
import dev.fairlead.control.promotion.Promotion;
import dev.fairlead.control.promotion.Step;
import dev.fairlead.parity.verdict.Comparison;
import dev.fairlead.parity.verdict.Culprit;
import dev.fairlead.parity.verdict.Figures;
import dev.fairlead.parity.verdict.Fingerprint;
import dev.fairlead.parity.verdict.Operation;
import dev.fairlead.parity.verdict.OutputVerdict;
import dev.fairlead.parity.verdict.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Promotions and parity reports as the dashboard shows them. */
final class PromotionViews {
    private PromotionViews() {}

    static Views.PromotionRow row(Promotion promotion) {
        return new Views.PromotionRow(
                promotion.id().value(),
                title(promotion),
                Format.badge(promotion.phase()),
                Format.reason(promotion.reason()),
                Format.time(promotion.startedAt()));
    }

    static Views.PromotionPage page(Promotion promotion, Optional<Finding> finding) {
        List<Views.Fact> facts = new ArrayList<>();
        facts.add(fact(
                "started",
                Format.time(promotion.startedAt()) + " by " + promotion.start().by()));
        promotion.state().approvedBy().ifPresent(name -> facts.add(fact("approved by", name)));
        promotion
                .overruling()
                .ifPresent(overruling -> facts.add(fact(
                        "parity overruled by",
                        "%s, %s: %s".formatted(overruling.by(), Format.time(overruling.at()), overruling.why()))));
        promotion.finishedAt().ifPresent(at -> facts.add(fact("finished", Format.time(at))));
        facts.add(fact("source", promotion.start().source().toString()));
        facts.add(fact("golden inputs", promotion.start().suite().toString()));
        promotion.state().evidence().candidate().ifPresent(tree -> facts.add(fact("candidate", tree.toString())));
        promotion
                .state()
                .previous()
                .ifPresent(target -> facts.add(fact("pointed before at", "version " + target.version())));
        facts.add(fact(
                "pools",
                promotion.environment().referencePool() + " → "
                        + promotion.environment().candidatePool()));
        for (Step step : Step.values()) {
            JobId job = promotion.jobs().get(step);
            if (job != null) {
                facts.add(new Views.Fact(
                        step.name().toLowerCase(Locale.ROOT) + " job", job.value(), "/jobs/" + job.value()));
            }
        }
        return new Views.PromotionPage(
                promotion.id().value(),
                title(promotion),
                Format.badge(promotion.phase()),
                Format.reason(promotion.reason()),
                facts,
                promotion.history().stream()
                        .map(change -> new Views.ChangeRow(
                                Format.badge(change.from()),
                                Format.badge(change.to()),
                                Format.time(change.at()),
                                Format.reason(change.reason())))
                        .toList(),
                finding.map(PromotionViews::report).stream().toList(),
                !promotion.phase().terminal());
    }

    static Views.ReportView report(Finding finding) {
        Optional<Report> report = finding.report();
        List<Views.SideView> sides = new ArrayList<>();
        report.ifPresent(whole -> {
            if (whole.corners().isEmpty()) {
                sides.add(side("reference", whole.reference()));
                sides.add(side("candidate", whole.candidate()));
            }
            whole.corners().forEach((corner, fingerprint) -> sides.add(side(corner.name(), fingerprint)));
        });
        return new Views.ReportView(
                finding.digest().toString(),
                Format.badge(finding.verdict()),
                finding.sentence(),
                Integer.toString(finding.inputs()),
                report.map(whole -> whole.claim().sentence()).orElse(""),
                report.map(Report::comparisons).orElse(List.of()).stream()
                        .map(PromotionViews::comparison)
                        .toList(),
                report.map(Report::culprit).map(Culprit::sentence).orElse(""),
                report.map(Report::operations).orElse(List.of()).stream()
                        .map(PromotionViews::operation)
                        .toList(),
                report.map(Report::outputs).orElse(List.of()).stream()
                        .map(PromotionViews::output)
                        .toList(),
                sides,
                report.map(Report::notes).orElse(List.of()));
    }

    private static Views.ComparisonRow comparison(Comparison comparison) {
        double rho = comparison.rho();
        return new Views.ComparisonRow(
                comparison.judges().text(),
                Format.badge(comparison.verdict()),
                Double.isNaN(rho) ? "–" : Format.number(rho),
                comparison.sentence());
    }

    /** A bar on a logarithmic scale, from float64's last digit to 1. */
    private static Views.OperationRow operation(Operation operation) {
        double share = Math.log(operation.error() / 1e-16) / Math.log(1e16);
        return new Views.OperationRow(
                operation.name(),
                operation.op(),
                operation.rule(),
                operation.source(),
                Format.number(operation.error()),
                (int) Math.round(100 * Math.clamp(share, 0, 1)));
    }

    private static Views.OutputRow output(OutputVerdict output) {
        Optional<Figures> figures = Optional.ofNullable(output.figures());
        return new Views.OutputRow(
                output.name(),
                output.dtype(),
                Format.badge(output.verdict()),
                output.code() + ": " + output.sentence(),
                figures.map(all -> Long.toString(all.elements())).orElse(""),
                figures.map(all -> Format.number(all.normalisedRmse())).orElse(""),
                Format.number(output.limit()),
                figures.map(all -> Format.number(all.maxAbsolute())).orElse(""),
                figures.map(all -> String.format(Locale.ROOT, "%.9f", all.cosine()))
                        .orElse(""),
                figures.map(all -> Format.number(all.snrDb())).orElse(""),
                figures.map(all -> Long.toString(all.maxUlp())).orElse(""));
    }

    private static Views.SideView side(String name, @Nullable Fingerprint side) {
        if (side == null) {
            return new Views.SideView(name, "not known", "", "", "", "");
        }
        List<String> settings = new ArrayList<>();
        side.precisionSettings().forEach((setting, value) -> settings.add(setting + "=" + value));
        return new Views.SideView(
                name,
                (side.agent() + " " + side.device() + " " + side.driver()).strip(),
                (side.runtime() + " " + side.runtimeVersion()).strip(),
                (side.provider() + " " + side.precision()).strip(),
                String.join(", ", settings),
                side.standIn() ? "stand-in" : "");
    }

    private static String title(Promotion promotion) {
        return "%s@%d → %s"
                .formatted(
                        promotion.start().model(),
                        promotion.start().version(),
                        promotion.environment().name());
    }

    private static Views.Fact fact(String name, String text) {
        return new Views.Fact(name, text, "");
    }
}
