package dev.fairlead.model.lift;

import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.provenance.Provenance;
import java.util.List;

/** What became of lifting a graph into the ONNX-shaped one. */
public sealed interface Lift {
    /** The whole graph is there; its weights live as long as the source's and the arena given. */
    record Lifted(Model model, Provenance provenance) implements Lift {}

    /**
     * No graph.
     *
     * @param operations every one that stands in the way, in the graph's order
     */
    record Unsupported(List<UnsupportedOperation> operations) implements Lift {
        public Unsupported {
            operations = List.copyOf(operations);
        }
    }
}
