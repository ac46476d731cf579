package dev.fairlead.model.convert;

import dev.fairlead.model.graph.Origin;
import java.util.List;

/** Where the parts of a converted model come from. */
final class Provenance {
    private Provenance() {}

    /**
     * A value that a node of the ONNX graph makes.
     *
     * @param sources values of the MLX graph
     */
    record OfValue(String value, List<String> sources, Origin origin, String rule, int version, Relation relation) {
        OfValue {
            sources = List.copyOf(sources);
        }
    }

    /**
     * An initializer that holds a weight.
     *
     * @param sha256 of the source tensor's bytes
     * @param permutation axes by which the source was transposed; empty when its bytes are kept
     */
    record OfWeight(String initializer, String source, String sha256, List<Integer> permutation) {
        OfWeight {
            permutation = List.copyOf(permutation);
        }
    }
}
