package dev.fairlead.parity.language;

import dev.fairlead.parity.statistics.ClusteredMean;
import dev.fairlead.parity.statistics.ClusteredMean.Cluster;
import dev.fairlead.parity.statistics.Equivalence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * Compares two language models prompt by prompt. Memory grows by 8 bytes a position. Not safe for use by several threads.
 *
 * <p>A distribution counts where its position is kept; a token counts as predicted where it and the position before it are kept.
 * Perplexity is e to the mean of the negative log-probabilities of the predicted tokens.
 */
public final class LanguageCheck {
    private static final double HIGH = 0.999;

    private final LanguageLimits limits;
    private final List<Cluster> differences = new ArrayList<>();
    private double[] divergences = new double[1024];
    private int positions;
    private long prompts;
    private long undefined;
    private long flips;
    private long significantFlips;
    private double referenceLoss;
    private double candidateLoss;
    private long diverged;
    private long earliest = Long.MAX_VALUE;

    public LanguageCheck(LanguageLimits limits) {
        this.limits = limits;
    }

    /**
     * Adds prompts; those of one batch are independent of each other and of all others.
     *
     * @throws IllegalArgumentException for a token that is not in the vocabulary
     */
    public void add(TeacherForced batch) {
        Distribution reference = new Distribution(batch.vocabulary());
        Distribution candidate = new Distribution(batch.vocabulary());
        for (long prompt = 0; prompt < batch.prompts(); prompt++) {
            add(batch, prompt, reference, candidate);
        }
    }

    private void add(TeacherForced batch, long prompt, Distribution reference, Distribution candidate) {
        int before = positions;
        long predictions = 0;
        double difference = 0;
        long firstFlip = Long.MAX_VALUE;
        for (long position = 0; position < batch.length(); position++) {
            if (!batch.keeps(prompt, position)) {
                continue;
            }
            long row = prompt * batch.length() + position;
            reference.read(batch.reference(), row);
            candidate.read(batch.candidate(), row);
            if (!reference.defined() || !candidate.defined()) {
                undefined++;
                continue;
            }
            addDivergence(reference.divergenceOf(candidate));
            if (reference.top() != candidate.top()) {
                flips++;
                significantFlips += reference.margin() > 2 * batch.tau() ? 1 : 0;
                firstFlip = Math.min(firstFlip, position);
            }
            if (position + 1 < batch.length() && batch.keeps(prompt, position + 1)) {
                int next = batch.token(prompt, position + 1);
                predictions++;
                referenceLoss -= reference.logProbability(next);
                candidateLoss -= candidate.logProbability(next);
                difference += reference.logProbability(next) - candidate.logProbability(next);
            }
        }
        prompts += positions > before ? 1 : 0;
        if (predictions > 0) {
            differences.add(new Cluster(predictions, difference));
        }
        if (firstFlip < Long.MAX_VALUE) {
            diverged++;
            earliest = Math.min(earliest, firstFlip);
        }
    }

    private void addDivergence(double divergence) {
        if (positions == divergences.length) {
            divergences = Arrays.copyOf(divergences, Math.multiplyExact(2, positions));
        }
        divergences[positions++] = divergence;
    }

    /** The figures so far, judged. */
    public LanguageVerdict verdict() {
        return LanguageVerdict.of(figures(), limits);
    }

    private LanguageFigures figures() {
        double[] sorted = Arrays.copyOf(divergences, positions);
        Arrays.sort(sorted);
        ClusteredMean delta = ClusteredMean.of(differences);
        return new LanguageFigures(
                prompts,
                positions,
                undefined,
                positions == 0 ? 0 : Arrays.stream(sorted).sum() / positions,
                positions == 0 ? 0 : sorted[(int) Math.ceil(HIGH * positions) - 1],
                positions == 0 ? 0 : sorted[positions - 1],
                flips,
                significantFlips,
                delta.values(),
                Math.exp(referenceLoss / delta.values()),
                Math.exp(candidateLoss / delta.values()),
                delta.mean(),
                delta.standardError(),
                Equivalence.pValue(delta, limits.logMargin()),
                diverged,
                diverged == 0 ? OptionalLong.empty() : OptionalLong.of(earliest));
    }
}
