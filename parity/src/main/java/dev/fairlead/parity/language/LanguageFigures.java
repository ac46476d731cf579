package dev.fairlead.parity.language;

import java.util.OptionalLong;

/**
 * What a comparison of two language models found.
 *
 * @param prompts in which something is compared
 * @param positions compared; those that a mask leaves out, and undefined ones, are not among them
 * @param undefined positions where a side has NaN, +Inf, or no token that is not ruled out
 * @param meanKl Kullback-Leibler divergence of the candidate from the reference, nats, mean over positions
 * @param highKl that 99.9 % of positions do not exceed
 * @param maxKl the largest
 * @param flips positions where the most probable token differs
 * @param significantFlips those of them where the reference's margin exceeds twice the bound of a logit
 * @param predictions tokens whose probability enters the perplexities
 * @param deltaLogPerplexity candidate less reference, of the same tokens
 * @param standardError of that, clustered by prompt; NaN for fewer than two prompts
 * @param equivalence p-value of the hypothesis that perplexities differ by the margin of {@link LanguageLimits} or more
 * @param divergedPrompts prompts in which a greedy choice differs; shown, never gated on
 * @param earliestDivergence the first position of all prompts where one differs
 */
public record LanguageFigures(
        long prompts,
        long positions,
        long undefined,
        double meanKl,
        double highKl,
        double maxKl,
        long flips,
        long significantFlips,
        long predictions,
        double referencePerplexity,
        double candidatePerplexity,
        double deltaLogPerplexity,
        double standardError,
        double equivalence,
        long divergedPrompts,
        OptionalLong earliestDivergence) {}
