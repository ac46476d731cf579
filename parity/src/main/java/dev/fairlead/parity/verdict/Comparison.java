package dev.fairlead.parity.verdict;

import java.util.List;

/**
 * Two corners held against each other.
 *
 * @param verdict without regard to the number of inputs and to stand-ins
 * @param sentence of the output that decides it
 */
public record Comparison(Judges judges, Verdict verdict, String sentence, List<OutputVerdict> outputs) {
    /** What a comparison tells of. */
    public enum Judges {
        /** S64 against G64. */
        CONVERSION,
        /** S against S64. */
        SOURCE_MACHINE,
        /** C against G64. */
        TARGET_MACHINE;

        /** For a sentence: {@code the conversion}. */
        public String text() {
            return switch (this) {
                case CONVERSION -> "the conversion";
                case SOURCE_MACHINE -> "the source's machine";
                case TARGET_MACHINE -> "the target's machine";
            };
        }
    }

    public Comparison {
        Checks.notBlank("comparisons.sentence", sentence);
        outputs = List.copyOf(outputs);
    }

    /** The largest ratio of an error to its noise; NaN where none was computed. */
    public double rho() {
        return outputs.stream()
                .map(OutputVerdict::rho)
                .filter(rho -> rho != null)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(Double.NaN);
    }
}
