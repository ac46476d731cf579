package dev.fairlead.model.convert;

import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.lower.Loss;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What became of a conversion. */
public sealed interface Conversion {
    /**
     * The folder is written.
     *
     * @param nodes in the target's graph
     * @param weights constants of the target
     * @param weightBytes their size in bytes
     * @param losses where the target is not the same function, which the options allowed
     * @param notes what differs in name or type and not in meaning
     */
    record Converted(int nodes, int weights, long weightBytes, List<Loss> losses, List<String> notes)
            implements Conversion {
        public Converted {
            losses = List.copyOf(losses);
            notes = List.copyOf(notes);
        }
    }

    /**
     * Nothing is written.
     *
     * @param operations every one that stands in the way, in the graph's order
     * @param undecided inputs that decide shapes, axes or bounds: specialised, they might not stand in the way
     */
    record Unsupported(List<UnsupportedOperation> operations, SortedSet<String> undecided) implements Conversion {
        public Unsupported {
            operations = List.copyOf(operations);
            undecided = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(undecided));
        }
    }
}
