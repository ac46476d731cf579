package dev.fairlead.parity.verdict;

/** What is computed in a four-corner comparison. */
public enum Corner {
    /** The source model on its author's kind of machine. */
    S,
    /** The source model in float64. */
    S64,
    /** The converted model in float64. */
    G64,
    /** The converted model on the machine that will serve it. */
    C
}
