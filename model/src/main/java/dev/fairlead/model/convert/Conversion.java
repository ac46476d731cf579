package dev.fairlead.model.convert;

import dev.fairlead.model.graph.UnsupportedOperation;
import java.util.List;

/** What became of a conversion. */
public sealed interface Conversion {
    /**
     * The ONNX folder is written.
     *
     * @param nodes in the ONNX graph
     * @param weights initializers taken from the source
     * @param weightBytes their size in bytes
     */
    record Converted(int nodes, int weights, long weightBytes) implements Conversion {}

    /**
     * Nothing is written.
     *
     * @param operations every primitive that stands in the way, in the graph's order
     */
    record Unsupported(List<UnsupportedOperation> operations) implements Conversion {
        public Unsupported {
            operations = List.copyOf(operations);
        }
    }
}
