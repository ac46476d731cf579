package dev.fairlead.parity.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.verdict.Verdict;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class LanguageCheckTest {
    private static final LanguageLimits FLOAT32 = LanguageLimits.of("float32").orElseThrow();
    private static final int VOCABULARY = 50;

    @Test
    void passesLogitsThatDifferByRounding() {
        LanguageVerdict found = verdict(FLOAT32, 1e-5, logit -> Math.nextUp((float) logit));
        assertThat(found.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(found.code()).isEqualTo("WithinLimits");
        assertThat(found.figures().prompts()).isEqualTo(40);
        assertThat(found.figures().predictions()).isEqualTo(40 * 7);
    }

    /** Adding to all logits of a position changes no probability. */
    @Test
    void doesNotSeeAShiftOfAllLogits() {
        LanguageVerdict found = verdict(FLOAT32, 1e-5, logit -> logit + 4);
        assertThat(found.figures().maxKl()).isLessThan(1e-9);
        assertThat(found.figures().flips()).isZero();
    }

    @Test
    void failsLogitsOnAnotherTemperature() {
        LanguageVerdict found = verdict(FLOAT32, 1e-5, logit -> logit * 1.001);
        assertThat(found.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(found.code()).isEqualTo("DivergenceExceeded");
        assertThat(found.sentence()).startsWith("mean KL divergence ").endsWith(" exceeds 1.0e-11");
    }

    @Test
    void failsAFlipThatTheBoundDoesNotExplain() {
        LanguageLimits loose = new LanguageLimits(9, 9, 9, 9, 0.05);
        Tensor reference = Tensor.ofFloats(List.of(1L, 2L, 3L), 0, 1, 0, 0, 1, 0.5f);
        Tensor candidate = Tensor.ofFloats(List.of(1L, 2L, 3L), 0, 1, 0, 0, 1, 1.2f);
        Tensor tokens = Tensor.ofLongs(List.of(1L, 2L), 0, 1);
        LanguageCheck strict = new LanguageCheck(loose);
        strict.add(new TeacherForced(reference, candidate, tokens, null, 0.2));
        assertThat(strict.verdict().code()).isEqualTo("TopTokenFlipped");
        assertThat(strict.verdict().figures().earliestDivergence()).hasValue(1);
        LanguageCheck lenient = new LanguageCheck(loose);
        lenient.add(new TeacherForced(reference, candidate, tokens, null, 0.25));
        assertThat(lenient.verdict().figures().flips()).isEqualTo(1);
        assertThat(lenient.verdict().figures().significantFlips()).isZero();
    }

    @Test
    void failsAChangeOfPerplexityWithinAllDivergences() {
        LanguageLimits loose = new LanguageLimits(9, 9, 9, 0.001, 0.05);
        LanguageVerdict found = verdict(loose, 9, logit -> logit * 1.1);
        assertThat(found.code()).isEqualTo("PerplexityDiffers");
        assertThat(found.sentence()).contains(" limit 0.100 %");
    }

    @Test
    void doesNotPassOnOnePrompt() {
        LanguageCheck check = new LanguageCheck(FLOAT32);
        Tensor logits = Tensor.ofFloats(List.of(1L, 2L, 2L), 0, 1, 2, 3);
        check.add(new TeacherForced(logits, logits, Tensor.ofLongs(List.of(1L, 2L), 0, 1), null, 0));
        assertThat(check.verdict().verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(check.verdict().code()).isEqualTo("TooFewPrompts");
        assertThat(new LanguageCheck(FLOAT32).verdict().code()).isEqualTo("NothingCompared");
    }

    @Test
    void failsWhereThereIsNoDistribution() {
        LanguageCheck check = new LanguageCheck(FLOAT32);
        Tensor reference = Tensor.ofFloats(List.of(1L, 1L, 2L), 0, Float.NaN);
        check.add(new TeacherForced(reference, reference, Tensor.ofLongs(List.of(1L, 1L), 0), null, 0));
        assertThat(check.verdict().code()).isEqualTo("Undefined");
        assertThat(check.verdict().verdict()).isEqualTo(Verdict.FAILED);
    }

    @Test
    void divergesWithoutBoundWhereTheCandidateRulesATokenOut() {
        LanguageCheck check = new LanguageCheck(FLOAT32);
        Tensor reference = Tensor.ofFloats(List.of(1L, 1L, 2L), 0, 0);
        Tensor candidate = Tensor.ofFloats(List.of(1L, 1L, 2L), 0, Float.NEGATIVE_INFINITY);
        Tensor tokens = Tensor.ofLongs(List.of(1L, 1L), 0);
        check.add(new TeacherForced(reference, candidate, tokens, null, 0));
        assertThat(check.verdict().figures().maxKl()).isEqualTo(Double.POSITIVE_INFINITY);
        LanguageCheck other = new LanguageCheck(FLOAT32);
        other.add(new TeacherForced(candidate, reference, tokens, null, 0));
        assertThat(other.verdict().figures().maxKl()).isEqualTo(Math.log(2), within(1e-15));
    }

    @Test
    void hasLimitsForThePrecisionsOfLogits() {
        assertThat(LanguageLimits.of("BFLOAT16").orElseThrow().meanKl()).isEqualTo(1e-3);
        assertThat(LanguageLimits.of("int8")).isEmpty();
    }

    @Test
    void refusesWhatDoesNotFit() {
        Tensor logits = Tensor.ofFloats(List.of(1L, 2L, 2L), 0, 1, 2, 3);
        Tensor tokens = Tensor.ofLongs(List.of(1L, 2L), 0, 7);
        LanguageCheck check = new LanguageCheck(FLOAT32);
        assertThatThrownBy(() -> check.add(new TeacherForced(logits, logits, tokens, null, 0)))
                .hasMessage("tokens: 7 at [0, 1] is not in a vocabulary of 2");
        assertThatThrownBy(() -> new TeacherForced(logits, logits, logits, null, 0))
                .hasMessage("tokens: [1, 2, 2] against logits of [1, 2, 2]");
        assertThatThrownBy(() -> new TeacherForced(tokens, logits, tokens, null, 0))
                .hasMessage("reference: [1, 2] is not [batch, length, vocabulary]");
        assertThatThrownBy(() -> new TeacherForced(logits, logits, tokens, null, -1))
                .hasMessage("tau: -1.0 is not a finite number of 0 or more");
        assertThatThrownBy(() -> new LanguageLimits(0, 1, 1, 1, 0.05))
                .hasMessage("mean_kl: 0.0 is not a positive finite number");
    }

    /** 40 prompts of 8 tokens, added in batches of 4. */
    private static LanguageVerdict verdict(LanguageLimits limits, double tau, DoubleUnaryOperator change) {
        SplittableRandom random = new SplittableRandom(3);
        LanguageCheck check = new LanguageCheck(limits);
        for (int batch = 0; batch < 10; batch++) {
            Tensor reference = Tensor.allocate(DType.FLOAT32, List.of(4L, 8L, (long) VOCABULARY));
            Tensor candidate = Tensor.allocate(DType.FLOAT32, reference.shape());
            for (long i = 0; i < reference.elements(); i++) {
                reference.set(i, 3 * random.nextGaussian());
                candidate.set(i, change.applyAsDouble(reference.doubleAt(i)));
            }
            long[] ids = random.longs(32, 0, VOCABULARY).toArray();
            check.add(new TeacherForced(reference, candidate, Tensor.ofLongs(List.of(4L, 8L), ids), null, tau));
        }
        return check.verdict();
    }
}
