package dev.fairlead.model.graph;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One operation.
 *
 * @param domain empty for ONNX's own operators
 * @param inputs value names; empty text stands for an optional input left out
 * @param outputs value names; empty text stands for an optional output left out
 * @param metadata ONNX {@code metadata_props}
 */
public record Node(
        String name,
        String domain,
        String op,
        List<String> inputs,
        List<String> outputs,
        SortedMap<String, Attribute> attributes,
        SortedMap<String, String> metadata) {
    public Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = attributes.isEmpty()
                ? Collections.emptySortedMap()
                : Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
        metadata = metadata.isEmpty()
                ? Collections.emptySortedMap()
                : Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    }

    /** The same node with other metadata. */
    public Node withMetadata(Map<String, String> other) {
        return new Node(name, domain, op, inputs, outputs, attributes, new TreeMap<>(other));
    }
}
