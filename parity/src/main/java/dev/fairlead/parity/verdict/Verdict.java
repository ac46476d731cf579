package dev.fairlead.parity.verdict;

/** The outcome of a comparison, from the best to the worst. */
public enum Verdict {
    PASSED,
    /** Nothing was found wrong, but too little was looked at, or not on what the policy asks for. */
    INCONCLUSIVE,
    FAILED,
    /** The comparison itself failed; never a pass. */
    ERROR;

    public Verdict worse(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
