package dev.fairlead.parity.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Holm's step-down correction for several tests at once (S. Holm, Scandinavian Journal of Statistics 6, 1979): the chance of even one
 * false rejection stays below the level, whatever the tests have to do with each other.
 */
public final class Holm {
    private Holm() {}

    /**
     * Corrected p-values, in the order given: a test is rejected at a level where its corrected p-value does not exceed it.
     *
     * @param pValues from 0 to 1
     */
    public static List<Double> corrected(List<Double> pValues) {
        int count = pValues.size();
        for (int i = 0; i < count; i++) {
            double p = pValues.get(i);
            if (!(p >= 0 && p <= 1)) {
                throw new IllegalArgumentException("pValues[" + i + "]: " + p + " is not from 0 to 1");
            }
        }
        List<Integer> order = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparing(pValues::get))
                .toList();
        List<Double> corrected = new ArrayList<>(pValues);
        double highest = 0;
        for (int rank = 0; rank < count; rank++) {
            int index = order.get(rank);
            highest = Math.max(highest, Math.min(1, (count - rank) * pValues.get(index)));
            corrected.set(index, highest);
        }
        return List.copyOf(corrected);
    }
}
