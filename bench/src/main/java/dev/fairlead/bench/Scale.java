package dev.fairlead.bench;

/** How much is measured: a full run gives numbers to quote, a quick one shows that the benchmark works. */
public enum Scale {
    FULL(7, 2),
    QUICK(3, 1);

    private final int pairs;
    private final int warmUps;

    Scale(int pairs, int warmUps) {
        this.pairs = pairs;
        this.warmUps = warmUps;
    }

    /** Pairs that count. */
    int pairs() {
        return pairs;
    }

    /** Pairs before, that do not. */
    int warmUps() {
        return warmUps;
    }

    /** The first in a full run, the second in a quick one. */
    public int pick(int full, int quick) {
        return this == FULL ? full : quick;
    }
}
