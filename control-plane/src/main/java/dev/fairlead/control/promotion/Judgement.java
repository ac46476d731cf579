package dev.fairlead.control.promotion;

import dev.fairlead.control.artifact.Digest;

/**
 * What a comparison said.
 *
 * @param report the tree that holds report.json
 * @param sentence one sentence with numbers
 */
public record Judgement(Digest report, Verdict verdict, String sentence) {
    /** The last words of a comparison. */
    public enum Verdict {
        PASSED,
        FAILED,
        /** Too few inputs, or nothing that could be aligned. */
        INCONCLUSIVE,
        /** The comparison itself went wrong: never a pass. */
        ERROR
    }
}
