package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Sums whose terms come in a random order, each addition rounded to the accumulator's type: one Monte-Carlo run of a machine whose order
 * is not known. All sums of one length within a node share an order, as a kernel's threads do.
 */
final class PermutedSums implements Sums {
    private final Machine machine;
    private final boolean isDouble;
    private final SplittableRandom random;
    private final Map<Integer, int[]> orders = new HashMap<>();

    /** @param isDouble whether the node computes in float64, whatever the machine accumulates narrower types in */
    PermutedSums(Machine machine, boolean isDouble, SplittableRandom random) {
        this.machine = machine;
        this.isDouble = isDouble;
        this.random = random;
    }

    @Override
    public double add(double sum, double term) {
        return isDouble ? sum + term : machine.accumulated(sum + term);
    }

    @Override
    public int[] order(int count) {
        return orders.computeIfAbsent(count, this::shuffled);
    }

    private int[] shuffled(int count) {
        int[] order = Shapes.all(count);
        for (int i = count - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return order;
    }

    @Override
    public double[] factors(double[] values) {
        return isDouble || !machine.roundsFactors()
                ? values
                : Arrays.stream(values).map(machine::factor).toArray();
    }

    @Override
    public double of(double[] terms) {
        double sum = 0;
        for (int i : order(terms.length)) {
            sum = add(sum, terms[i]);
        }
        return sum;
    }

    @Override
    public double dot(double[] a, int aFrom, double[] b, int bFrom, int count) {
        double sum = 0;
        for (int i : order(count)) {
            sum = add(sum, a[aFrom + i] * b[bFrom + i]);
        }
        return sum;
    }

    @Override
    public void product(
            double[] a, int aStart, double[] b, int bStart, double[] c, int start, int rows, int depth, int columns) {
        int[] order = order(depth);
        for (int row = 0; row < rows; row++) {
            int to = start + row * columns;
            for (int k : order) {
                double factor = a[aStart + row * depth + k];
                addTo(c, to, factor, b, bStart + k * columns, columns);
            }
        }
    }

    /** {@code c += factor * b}; the usual accumulator in a loop of its own, which the compiler vectorises. */
    private void addTo(double[] c, int to, double factor, double[] b, int from, int count) {
        if (!isDouble && machine.accumulator() == DType.FLOAT32) {
            for (int i = 0; i < count; i++) {
                c[to + i] = (float) (c[to + i] + factor * b[from + i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                c[to + i] = add(c[to + i], factor * b[from + i]);
            }
        }
    }
}
