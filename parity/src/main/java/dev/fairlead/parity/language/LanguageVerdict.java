package dev.fairlead.parity.language;

import dev.fairlead.parity.verdict.Verdict;
import java.util.Locale;

/**
 * A judgement of the figures by limits.
 *
 * @param code stable: {@code NothingCompared}, {@code Undefined}, {@code DivergenceExceeded}, {@code TopTokenFlipped},
 *     {@code PerplexityDiffers}, {@code TooFewPrompts} or {@code WithinLimits}
 */
public record LanguageVerdict(Verdict verdict, String code, String sentence, LanguageFigures figures) {

    static LanguageVerdict of(LanguageFigures figures, LanguageLimits limits) {
        if (figures.undefined() > 0) {
            return failed(
                    figures, "Undefined", "logits are no distribution at %d positions".formatted(figures.undefined()));
        }
        if (figures.positions() == 0) {
            return new LanguageVerdict(Verdict.INCONCLUSIVE, "NothingCompared", "no position was compared", figures);
        }
        String divergence = divergence(figures, limits);
        if (!divergence.isEmpty()) {
            return failed(figures, "DivergenceExceeded", divergence);
        }
        if (figures.significantFlips() > 0) {
            String sentence = "the most probable token differs at %d of %d positions where the bound explains none"
                    .formatted(figures.significantFlips(), figures.positions());
            return failed(figures, "TopTokenFlipped", sentence);
        }
        return perplexity(figures, limits);
    }

    private static LanguageVerdict failed(LanguageFigures figures, String code, String sentence) {
        return new LanguageVerdict(Verdict.FAILED, code, sentence, figures);
    }

    private static String divergence(LanguageFigures figures, LanguageLimits limits) {
        String mean = exceeds("mean", figures.meanKl(), limits.meanKl());
        String high = exceeds("99.9 % quantile", figures.highKl(), limits.highKl());
        String max = exceeds("largest", figures.maxKl(), limits.maxKl());
        return !mean.isEmpty() ? mean : !high.isEmpty() ? high : max;
    }

    private static String exceeds(String which, double value, double limit) {
        return value <= limit
                ? ""
                : String.format(Locale.ROOT, "%s KL divergence %.1e exceeds %.1e", which, value, limit);
    }

    private static LanguageVerdict perplexity(LanguageFigures figures, LanguageLimits limits) {
        double percent = 100 * limits.perplexityMargin();
        double change = 100 * Math.expm1(figures.deltaLogPerplexity());
        if (figures.predictions() > 0 && !(Math.abs(figures.deltaLogPerplexity()) < limits.logMargin())) {
            String sentence =
                    String.format(Locale.ROOT, "perplexity changes by %.3g %%, limit %.3g %%", change, percent);
            return failed(figures, "PerplexityDiffers", sentence);
        }
        if (!(figures.equivalence() <= limits.level())) {
            String sentence = String.format(
                    Locale.ROOT,
                    "%d prompts do not show that perplexity changes by less than %.3g %%",
                    figures.prompts(),
                    percent);
            return new LanguageVerdict(Verdict.INCONCLUSIVE, "TooFewPrompts", sentence, figures);
        }
        String sentence = String.format(
                Locale.ROOT,
                "mean KL divergence %.1e, limit %.1e; perplexity changes by %.2g %%, less than %.3g %%; %d prompts",
                figures.meanKl(),
                limits.meanKl(),
                change,
                percent,
                figures.prompts());
        return new LanguageVerdict(Verdict.PASSED, "WithinLimits", sentence, figures);
    }
}
