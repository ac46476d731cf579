package dev.fairlead.model.graph;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A graph and the operator sets that give it meaning.
 *
 * @param opsets version by domain; the empty domain is ONNX's own
 * @param metadata ONNX {@code metadata_props}
 */
public record Model(
        long irVersion,
        String producer,
        String producerVersion,
        SortedMap<String, Long> opsets,
        Map<String, String> metadata,
        Graph graph) {
    public Model {
        opsets = Collections.unmodifiableSortedMap(new TreeMap<>(opsets));
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    }

    /** The same with another graph. */
    public Model withGraph(Graph other) {
        return new Model(irVersion, producer, producerVersion, opsets, metadata, other);
    }

    /** The same with other metadata. */
    public Model withMetadata(Map<String, String> other) {
        return new Model(irVersion, producer, producerVersion, opsets, other, graph);
    }
}
