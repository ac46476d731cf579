package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.provenance.Provenance;
import java.util.List;
import java.util.Set;

/** What became of a lowering. */
public sealed interface Lowered {
    /**
     * A Core ML model whose weights are views of the graph's.
     *
     * @param provenance of the program's values
     * @param notes what a reader of the report must know: which types are carried in others
     */
    record Program(CoremlModel model, Provenance provenance, List<String> notes) implements Lowered {
        public Program {
            notes = List.copyOf(notes);
        }
    }

    /**
     * Nothing was made.
     *
     * @param refusals every node or feature that stands in the way, in the graph's order
     * @param constants graph inputs that would have to be constants
     */
    record Refused(List<Refusal> refusals, Set<String> constants) implements Lowered {
        public Refused {
            refusals = List.copyOf(refusals);
            constants = Set.copyOf(constants);
        }
    }

    /**
     * A node or feature that cannot be lowered.
     *
     * @param op its operator; {@code input} or {@code output} for a feature
     */
    record Refusal(String op, String name, String reason) {
        @Override
        public String toString() {
            return op + " " + name + ": " + reason;
        }
    }
}
