package dev.fairlead.parity.compare;

import dev.fairlead.parity.verdict.OutputVerdict;
import java.util.ArrayList;
import java.util.List;

/** What a reader of the report should know beside the verdict. */
final class Notes {
    private Notes() {}

    static List<String> of(Outputs reference, Outputs candidate, List<OutputVerdict> outputs) {
        List<String> notes = new ArrayList<>();
        addStandIn(notes, "reference", reference);
        addStandIn(notes, "candidate", candidate);
        for (OutputVerdict output : outputs) {
            if (!output.candidateDtype().isEmpty()
                    && !output.candidateDtype().equals(output.dtype())
                    && output.figures() != null) {
                notes.add("output `%s` is %s on the candidate side and %s on the reference side: judged as %s"
                        .formatted(output.name(), output.candidateDtype(), output.dtype(), output.precision()));
            }
            if (output.precision().equals("tf32")) {
                notes.add("output `%s` was computed with TF32 on one side: judged as tf32".formatted(output.name()));
            }
        }
        for (String extra : candidate.byOutput().keySet()) {
            if (!reference.byOutput().containsKey(extra)) {
                notes.add("output `%s` is on the candidate side only and was not judged".formatted(extra));
            }
        }
        return notes;
    }

    private static void addStandIn(List<String> notes, String side, Outputs outputs) {
        if (outputs.fingerprint().standIn()) {
            notes.add("the %s side ran on a stand-in: %s"
                    .formatted(side, outputs.fingerprint().summary()));
        }
    }
}
