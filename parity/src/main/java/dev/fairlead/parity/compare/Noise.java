package dev.fairlead.parity.compare;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.floor.Contract;
import dev.fairlead.parity.floor.FloorFile;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The noise of one output, by case: a case that was run has its own, others the share of their numbers that the runs' cases have. Elements
 * are judged by sixteen deviations of their own, for sixteen runs tell a deviation to a factor of two and a tensor has
 * millions of elements; PARITY's lambda of 4 squared.
 */
final class Noise {
    /** Beyond this share of the output, rounding alone decides what it is. */
    static final double NO_PRECISION = 0.1;

    private static final double DEVIATIONS = 16;

    /** Of the unit roundoff, what any machine may be off by even where all runs round alike. */
    private static final double LEAST = 0.5;

    /** What few elements may be off by more than many: their root mean square is itself known to about this much. */
    private static final double FEW = 4;

    private final Map<String, Tensor> floors;
    private final Map<String, Double> roots;
    private final Map<Contract, Double> contracts;
    private final double share;

    private Noise(
            Map<String, Tensor> floors, Map<String, Double> roots, Map<Contract, Double> contracts, double share) {
        this.floors = floors;
        this.roots = roots;
        this.contracts = contracts;
        this.share = share;
    }

    /** Absent where no case of the output has a floor. */
    static Optional<Noise> of(FloorFile file, String output, NavigableMap<String, Tensor> reference) {
        Map<String, Tensor> floors = new TreeMap<>();
        Map<String, Double> roots = new TreeMap<>();
        double squares = 0;
        int counted = 0;
        for (Map.Entry<String, Tensor> entry : reference.entrySet()) {
            Tensor floor = file.of(entry.getKey(), output).orElse(null);
            if (floor == null || floor.elements() != entry.getValue().elements()) {
                continue;
            }
            double root = root(floor, entry.getValue());
            double size = root(entry.getValue());
            floors.put(entry.getKey(), floor);
            roots.put(entry.getKey(), root);
            if (size > 0) {
                squares += root / size * (root / size);
                counted++;
            }
        }
        return floors.isEmpty()
                ? Optional.empty()
                : Optional.of(new Noise(
                        floors, roots, file.contracts(output), counted == 0 ? 0 : Math.sqrt(squares / counted)));
    }

    /** Of what overflowed in a run, a rounding to float16 is taken, for only that overflows in practice. */
    private static double root(Tensor floor, Tensor reference) {
        double squares = 0;
        for (long i = 0; i < floor.elements(); i++) {
            double noise = floor.doubleAt(i);
            double value = Double.isFinite(noise) ? noise : unit(DType.FLOAT16) * reference.doubleAt(i);
            squares += Double.isFinite(value) ? value * value : 0;
        }
        return floor.elements() == 0 ? 0 : Math.sqrt(squares / floor.elements());
    }

    /** The root mean square of what is finite. */
    private static double root(Tensor tensor) {
        double squares = 0;
        long finite = 0;
        for (long i = 0; i < tensor.elements(); i++) {
            double value = tensor.doubleAt(i);
            if (Double.isFinite(value)) {
                squares += value * value;
                finite++;
            }
        }
        return finite == 0 ? 0 : Math.sqrt(squares / finite);
    }

    /** The root mean square noise of a case, in the output's unit. */
    double root(String name, Tensor reference, DType computed) {
        Double own = roots.get(name);
        double size = root(reference);
        double found = own != null ? own : share * size;
        return Math.max(found, Math.max(LEAST * unit(computed) * size, smallest(computed)));
    }

    /** Below this a machine may give zero. */
    private static double smallest(DType dtype) {
        return switch (dtype) {
            case FLOAT64 -> Double.MIN_NORMAL;
            case FLOAT16 -> 0x1p-24;
            default -> Float.MIN_NORMAL;
        };
    }

    /** The error over the noise; 0 where there is neither, infinite where there is only an error. */
    static double ratio(double error, double noise) {
        return error == 0 ? 0 : error / noise;
    }

    /** Up to which ratio a case of so many elements passes, where many may have {@code most}. */
    static double limit(double most, long elements) {
        return most * (1 + FEW / Math.sqrt((double) Math.max(1, elements)));
    }

    /** Whether a run of a case lost this element to overflow. */
    boolean overflows(String name, long index) {
        Tensor floor = floors.get(name);
        return floor != null && Double.isInfinite(floor.doubleAt(index));
    }

    /**
     * Elements of a case that lie outside their bound, those that are not finite left out.
     *
     * @param root the case's noise
     */
    long outside(String name, Tensor reference, Tensor candidate, double root) {
        Tensor floor = floors.get(name);
        if (floor == null) {
            return 0;
        }
        double unit = unit(candidate.dtype());
        long outside = 0;
        for (long i = 0; i < reference.elements(); i++) {
            double exact = reference.doubleAt(i);
            double found = candidate.doubleAt(i);
            double bound = 2 * unit * Math.abs(exact) + DEVIATIONS * (floor.doubleAt(i) + root);
            boolean isFinite = Double.isFinite(exact) && Double.isFinite(found);
            if (isFinite && !(Math.abs(found - exact) <= bound)) {
                outside++;
            }
        }
        return outside;
    }

    /** The unit roundoff of a type. */
    private static double unit(DType dtype) {
        return switch (dtype) {
            case FLOAT64 -> 0x1p-53;
            case FLOAT16 -> 0x1p-11;
            case BFLOAT16 -> 0x1p-8;
            default -> 0x1p-24;
        };
    }

    /** The way of computing whose error is nearest to a normalised error, within a factor of two. */
    Optional<Contract> contract(double normalisedError) {
        return contracts.entrySet().stream()
                .filter(entry -> entry.getValue() > 0
                        && normalisedError < 2 * entry.getValue()
                        && normalisedError > entry.getValue() / 2)
                .min(Map.Entry.comparingByValue((a, b) -> Double.compare(
                        Math.abs(Math.log(a / normalisedError)), Math.abs(Math.log(b / normalisedError)))))
                .map(Map.Entry::getKey);
    }
}
