package dev.fairlead.bench.convert;

import java.util.EnumMap;
import java.util.Map;

/** What a converter made of the cases, counted. */
final class Verdicts {
    /** Of one case. */
    enum Verdict {
        RIGHT,
        WRONG,
        /** Our reader or the runtime behind it cannot run what coremltools loads. */
        NOT_RUN,
        NOT_LOADED,
        REFUSED
    }

    private final String converter;
    private final Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);

    Verdicts(String converter) {
        this.converter = converter;
    }

    /** Counts one, and says whether it is right. */
    boolean add(Verdict verdict) {
        counts.merge(verdict, 1, Integer::sum);
        return verdict == Verdict.RIGHT;
    }

    String line() {
        return "%-12s %d right, %d wrong, %d loaded but not run, %d not loaded by coremltools, %d refused"
                .formatted(
                        converter,
                        count(Verdict.RIGHT),
                        count(Verdict.WRONG),
                        count(Verdict.NOT_RUN),
                        count(Verdict.NOT_LOADED),
                        count(Verdict.REFUSED));
    }

    private int count(Verdict verdict) {
        return counts.getOrDefault(verdict, 0);
    }
}
