package dev.fairlead.model.interpret;

import java.util.SplittableRandom;

/** How exactly floating numbers are kept and added. */
public abstract sealed class Precision {
    /** As float64, whatever type is declared: what the graph means. */
    public static final Precision FLOAT64 = new Exact();

    /** Sums in float64, each operator's result rounded to its declared type. */
    public static final Precision DECLARED = new Declared();

    private Precision() {}

    /**
     * One run of Monte-Carlo arithmetic (Parker, UCLA CSD-970002, 1997): sums in a random order, each addition rounded to the
     * accumulator, functions off by what their libraries allow, each result rounded to its declared type. The same seed gives
     * the same run.
     */
    public static Precision monteCarlo(long seed, Machine machine) {
        return new MonteCarlo(seed, machine);
    }

    /**
     * The sums of a node.
     *
     * @param place of the node in the run, counted from 0
     * @param isDouble whether it computes in float64
     */
    abstract Sums sums(int place, boolean isDouble);

    /** What is kept of a result of the node at a place. */
    abstract Datum kept(int place, String op, Datum datum);

    private static final class Exact extends Precision {
        @Override
        Sums sums(int place, boolean isDouble) {
            return Sums.EXACT;
        }

        @Override
        Datum kept(int place, String op, Datum datum) {
            return datum;
        }
    }

    private static final class Declared extends Precision {
        @Override
        Sums sums(int place, boolean isDouble) {
            return Sums.EXACT;
        }

        @Override
        Datum kept(int place, String op, Datum datum) {
            return datum instanceof Datum.Dense(Array.Reals reals) ? Datum.of(reals.rounded()) : datum;
        }
    }

    private static final class MonteCarlo extends Precision {
        private final long seed;
        private final Machine machine;

        MonteCarlo(long seed, Machine machine) {
            this.seed = seed;
            this.machine = machine;
        }

        @Override
        Sums sums(int place, boolean isDouble) {
            return new PermutedSums(machine, isDouble, random(seed, place));
        }

        @Override
        Datum kept(int place, String op, Datum datum) {
            return datum instanceof Datum.Dense(Array.Reals reals)
                    ? Datum.of(LibraryError.of(op, reals, random(~seed, place)).rounded())
                    : datum;
        }

        private static SplittableRandom random(long seed, int place) {
            return new SplittableRandom(seed * 1_000_003 + place);
        }
    }
}
