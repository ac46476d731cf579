package dev.fairlead.parity.compare;

import static dev.fairlead.parity.compare.OutputJudge.number;

import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.floor.Contract;
import dev.fairlead.parity.metrics.Pair;
import dev.fairlead.parity.metrics.Statistics;
import dev.fairlead.parity.verdict.OutputVerdict.CaseFigures;
import dev.fairlead.parity.verdict.Policy;
import dev.fairlead.parity.verdict.Verdict;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the cases of one output amount to. */
final class OutputFindings {
    private final String output;
    private final Policy policy;
    private final Optional<Noise> noise;
    private final NavigableMap<String, Tensor> witness;
    private final Set<String> failed = new LinkedHashSet<>();
    private final Set<String> lost = new LinkedHashSet<>();
    private String precision = "";
    private double limit = Double.POSITIVE_INFINITY;
    private double errors;
    private double floors;
    private int counted;
    private int seen;
    private long elements;
    private long excused;
    private long outside;
    private int over;

    OutputFindings(String output, Policy policy, Optional<Noise> noise, NavigableMap<String, Tensor> witness) {
        this.output = output;
        this.policy = policy;
        this.noise = noise;
        this.witness = witness;
    }

    /** The verdict, its stable reason, and a sentence with numbers. */
    record Conclusion(Verdict verdict, String code, String sentence) {}

    /** Adds a case. */
    void add(String name, Pair pair, String here, Statistics statistics) {
        seen++;
        elements += pair.elements();
        double hereLimit = policy.limit(output, here);
        if (hereLimit < limit || precision.isEmpty()) {
            precision = here;
            limit = hereLimit;
        }
        boolean isMasked = statistics.maskMismatches() > 0 && !isExcused(name, pair, statistics);
        boolean isNoisy = noise.isPresent() && pair.precision().isFloating();
        // The default limits are for want of a floor; one that the policy states holds beside it.
        boolean isOver = (!isNoisy || policy.states(output, here)) && exceeds(statistics, pair, hereLimit);
        if (isOver) {
            over++;
        }
        boolean isBeyond = isNoisy && isBeyond(noise.get(), name, pair, statistics);
        if (isMasked || isOver || isBeyond) {
            failed.add(name);
        }
    }

    private static boolean exceeds(Statistics statistics, Pair pair, double limit) {
        return (pair.precision().isFloating() || limit > 0)
                ? !(statistics.normalisedRmse() <= limit)
                : statistics.differing() > 0;
    }

    private boolean isBeyond(Noise noise, String name, Pair pair, Statistics statistics) {
        double root = noise.root(name, pair.reference(), pair.candidate().dtype());
        double size = statistics.normalisedRmse() == 0 ? 0 : statistics.rmse() / statistics.normalisedRmse();
        double ratio = Noise.ratio(statistics.rmse(), root);
        if (size > 0 && Double.isFinite(size)) {
            errors += statistics.rmse() / size * (statistics.rmse() / size);
            floors += root / size * (root / size);
            counted++;
        }
        if (size > 0 && root / size > Noise.NO_PRECISION && isHeldElsewhere(name, pair)) {
            lost.add(name);
            return true;
        }
        long beyond = noise.outside(name, pair.reference(), pair.candidate(), root);
        outside += beyond;
        // What is no number is beyond every limit.
        return !(ratio <= Noise.limit(policy.noise().warn(), pair.elements())) || beyond > 0;
    }

    /** Whether the other machine, at its own precision, has these numbers where this one's has mostly noise. */
    private boolean isHeldElsewhere(String name, Pair pair) {
        Tensor other = witness.get(name);
        if (other == null || other.elements() != pair.elements()) {
            return false;
        }
        double errors = 0;
        double size = 0;
        for (long i = 0; i < other.elements(); i++) {
            double exact = pair.reference().doubleAt(i);
            double error = other.doubleAt(i) - exact;
            errors += Double.isFinite(exact) ? error * error : 0;
            size += Double.isFinite(exact) ? exact * exact : 0;
        }
        return errors <= Noise.NO_PRECISION * Noise.NO_PRECISION / 100 * size;
    }

    /** Where the declared precision overflows in a run, and the other machine lost the same elements, nobody is at fault. */
    private boolean isExcused(String name, Pair pair, Statistics statistics) {
        Tensor other = witness.get(name);
        if (noise.isEmpty() || other == null || other.elements() != pair.elements()) {
            return false;
        }
        for (long i = 0; i < pair.elements(); i++) {
            double wanted = pair.reference().doubleAt(i);
            double found = pair.candidate().doubleAt(i);
            boolean isSame = Double.isFinite(wanted) ? Double.isFinite(found) : Double.compare(wanted, found) == 0;
            if (!isSame && (!noise.get().overflows(name, i) || Double.isFinite(other.doubleAt(i)))) {
                return false;
            }
        }
        excused += statistics.maskMismatches();
        return true;
    }

    String precision() {
        return precision;
    }

    double limit() {
        return limit;
    }

    /** The normalised root mean square of the noise over the cases; absent without noise. */
    @Nullable Double floor() {
        return noise.isEmpty() ? null : counted == 0 ? 0 : Math.sqrt(floors / counted);
    }

    /** The error over the floor. */
    @Nullable Double rho() {
        return noise.isEmpty() ? null : Noise.ratio(Math.sqrt(errors), Math.sqrt(floors));
    }

    Set<String> failed() {
        return failed;
    }

    /** What the cases that were added amount to. */
    Conclusion conclusion(Statistics all, CaseFigures worst) {
        if (all.maskMismatches() > excused) {
            return failed(
                    "MaskMismatch",
                    "is NaN or infinite on one side only at %d of %d positions; worst case %s"
                            .formatted(all.maskMismatches() - excused, all.elements(), worst.name()));
        }
        boolean isExact = limit == 0 && noise.isEmpty();
        Double rho = rho();
        if (failed.isEmpty()
                && (rho == null || rho <= Noise.limit(policy.noise().warn(), elements))) {
            return isExact ? passed("WithinLimit", "is identical over %d inputs".formatted(seen)) : near(all);
        }
        if (isExact) {
            return failed(
                    "NotExact",
                    "must be exact and differs at %d of %d positions in %d of %d inputs; worst case %s"
                            .formatted(all.differing(), all.elements(), failed.size(), seen, worst.name()));
        }
        return far(all, worst);
    }

    private Conclusion near(Statistics all) {
        Double rho = rho();
        if (rho == null) {
            return passed(
                    "WithinLimit",
                    "agrees: normalised RMSE %s, limit %s, over %d inputs"
                            .formatted(number(all.normalisedRmse()), number(limit), seen));
        }
        String what = "%s of its rounding noise (normalised RMSE %s) over %d inputs"
                .formatted(times(rho), number(all.normalisedRmse()), seen);
        return rho <= policy.noise().pass()
                ? passed("WithinNoise", "agrees: its error is " + what)
                : passed("AboveNoise", "agrees, more loosely than it should: its error is " + what);
    }

    private Conclusion far(Statistics all, CaseFigures worst) {
        String where = "in %d of %d inputs; worst case %s with %s"
                .formatted(failed.size(), seen, worst.name(), number(worst.normalisedRmse()));
        Double rho = rho();
        if (rho == null || over == failed.size()) {
            return failed(
                    "LimitExceeded",
                    "differs: normalised RMSE %s, limit %s, %s"
                            .formatted(number(all.normalisedRmse()), number(limit), where));
        }
        if (!lost.isEmpty()) {
            return failed(
                    "PrecisionTooLow",
                    "can't be held in %s: rounding alone makes it more than %.0f %% off, %s"
                            .formatted(precision, 100 * Noise.NO_PRECISION, where));
        }
        double error = counted == 0 ? 0 : Math.sqrt(errors / counted);
        Optional<Contract> contract = noise.flatMap(found -> found.contract(error));
        if (rho > policy.noise().warn() && contract.isPresent()) {
            return failed(
                    "WrongPrecisionContract",
                    "was computed with %s, not as %s: its error is %s of its rounding noise, as that gives; %s"
                            .formatted(contract.get().text(), precision, times(rho), where));
        }
        return rho > policy.noise().warn() || outside == 0
                ? failed(
                        "BeyondNoise",
                        "differs: its error is %s of its rounding noise, at most %s; %s"
                                .formatted(times(rho), times(policy.noise().warn()), where))
                : failed(
                        "ElementsOutOfBound",
                        "differs at %d of %d positions by more than rounding can; %s"
                                .formatted(outside, all.elements(), where));
    }

    private Conclusion passed(String code, String what) {
        return new Conclusion(Verdict.PASSED, code, "output `%s` %s".formatted(output, what));
    }

    private Conclusion failed(String code, String what) {
        return new Conclusion(Verdict.FAILED, code, "output `%s` %s".formatted(output, what));
    }

    private static String times(double ratio) {
        return ratio < 100 ? String.format(Locale.ROOT, "%.2g times", ratio) : number(ratio) + " times";
    }
}
