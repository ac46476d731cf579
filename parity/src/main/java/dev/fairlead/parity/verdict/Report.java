package dev.fairlead.parity.verdict;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The artifact of a comparison, {@code report.json}.
 *
 * @param format always {@code fairlead-parity}
 * @param version of the layout, 1; later writers add fields
 * @param sentence one sentence with numbers; of four corners it says which of the three comparisons is at fault
 * @param inputs golden inputs compared
 * @param claim what so many inputs say about the rate of failures, with its confidence
 * @param outputs of the candidate; of four corners those of the comparison at fault, else of the target's machine
 * @param corners what each ran on; empty where two sides were compared
 * @param comparisons of the corners; empty where two sides were compared
 * @param operations the worst, at most ten, the worst first; empty where none was sought
 * @param culprit absent where none was sought or found
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
        Map<Corner, Fingerprint> corners,
        List<Comparison> comparisons,
        List<Operation> operations,
        @Nullable Culprit culprit,
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
        corners = sorted(corners);
        comparisons = orEmpty(comparisons);
        operations = orEmpty(operations);
        notes = List.copyOf(notes);
    }

    /** Of two sides. */
    public static Report ofSides(
            Verdict verdict,
            String sentence,
            int inputs,
            Claim claim,
            List<OutputVerdict> outputs,
            List<String> notes,
            @Nullable Fingerprint reference,
            @Nullable Fingerprint candidate,
            Policy policy) {
        return new Report(
                FORMAT, VERSION, verdict, sentence, inputs, claim, outputs, Map.of(), List.of(), List.of(), null, notes,
                reference, candidate, policy);
    }

    // Reports that were written before have none of these fields.
    private static Map<Corner, Fingerprint> sorted(@Nullable Map<Corner, Fingerprint> corners) {
        return corners == null || corners.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(corners));
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    /** The same with one more note, the first. */
    public Report withNote(String note) {
        List<String> more = new ArrayList<>(List.of(note));
        more.addAll(notes);
        return with(operations, culprit, more);
    }

    /** The same with what a search for the operation at fault found. */
    public Report withOperations(List<Operation> worst, @Nullable Culprit found) {
        return with(worst, found, notes);
    }

    private Report with(List<Operation> worst, @Nullable Culprit found, List<String> said) {
        return new Report(
                format,
                version,
                verdict,
                sentence,
                inputs,
                claim,
                outputs,
                corners,
                comparisons,
                worst,
                found,
                said,
                reference,
                candidate,
                policy);
    }
}
