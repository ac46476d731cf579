package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.mlx.MlxGraph;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** What became of a lowering. */
public sealed interface Lowered {
    /**
     * The MLX graph.
     *
     * @param weights the graph's constants by name, in its order; their memory belongs to the ONNX model's file or to the collector
     * @param provenance of the graph's values, from the ONNX model's
     */
    record Graph(MlxGraph graph, Map<String, Tensor> weights, Provenance provenance) implements Lowered {
        public Graph {
            weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        }
    }

    /**
     * Nothing is made.
     *
     * @param operators every operator that stands in the way, in the graph's order
     * @param undecided graph inputs that would have to be known now, see {@link Options#specialised}
     */
    record Refused(List<Operator> operators, SortedSet<String> undecided) implements Lowered {
        public Refused {
            operators = List.copyOf(operators);
            undecided = Collections.unmodifiableSortedSet(new TreeSet<>(undecided));
        }
    }

    /**
     * An operator that can't be lowered.
     *
     * @param op with its domain where that isn't ONNX' own
     * @param node its name, or its first output's
     */
    record Operator(String op, String node, String reason) {
        @Override
        public String toString() {
            return op + " " + node + ": " + reason;
        }
    }
}
