package dev.fairlead.parity.verdict;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The artifact of a comparison, {@code report.json}.
 *
 * @param format always {@code fairlead-parity}
 * @param version of the layout, 1
 * @param sentence one sentence with numbers
 * @param inputs golden inputs compared
 * @param claim what so many inputs say about the rate of failures, with its confidence
 * @param notes what a reader should know beside the verdict
 * @param reference absent where its fingerprint could not be read
 * @param candidate likewise
 */
public record Report(
        String format,
        int version,
        Verdict verdict,
        String sentence,
        int inputs,
        Claim claim,
        List<OutputVerdict> outputs,
        List<String> notes,
        @Nullable Fingerprint reference,
        @Nullable Fingerprint candidate,
        Policy policy) {
    public static final String FORMAT = "fairlead-parity";
    public static final int VERSION = 1;

    public Report {
        if (!format.equals(FORMAT)) {
            throw new IllegalArgumentException("format: " + format + " is not " + FORMAT);
        }
        if (version != VERSION) {
            throw new IllegalArgumentException("version: " + version + " is not " + VERSION);
        }
        Checks.notBlank("sentence", sentence);
        Checks.notNegative("inputs", inputs);
        outputs = List.copyOf(outputs);
        notes = List.copyOf(notes);
    }

    /** The same with one more note, the first. */
    public Report withNote(String note) {
        List<String> more = new ArrayList<>(List.of(note));
        more.addAll(notes);
        return new Report(
                format, version, verdict, sentence, inputs, claim, outputs, more, reference, candidate, policy);
    }
}
