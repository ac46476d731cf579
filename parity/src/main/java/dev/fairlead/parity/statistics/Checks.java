package dev.fairlead.parity.statistics;

/** Arguments that every statistic here has. */
final class Checks {
    private Checks() {}

    /** Strictly between 0 and 1. */
    static double share(String name, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(name + ": " + value + " is not between 0 and 1");
        }
        return value;
    }
}
