package dev.fairlead.model.onnx;

/**
 * Keys of the graph's metadata under which fields travel that the graph has no place for. The writer puts them back where they
 * were; whoever copies metadata carries them along.
 */
final class Carried {
    static final String DOCUMENTATION = "onnx.doc_string";
    static final String DOMAIN = "onnx.domain";
    static final String MODEL_VERSION = "onnx.model_version";
    static final String OVERLOAD = "onnx.overload";
    static final String GRAPH_DOCUMENTATION = "onnx.graph_doc_string";

    /** Followed by a key of GraphProto's own metadata. */
    static final String GRAPH_METADATA = "onnx.graph.";

    private Carried() {}

    static boolean isReserved(String key) {
        return key.equals(DOCUMENTATION)
                || key.equals(DOMAIN)
                || key.equals(MODEL_VERSION)
                || key.equals(OVERLOAD)
                || key.equals(GRAPH_DOCUMENTATION)
                || key.startsWith(GRAPH_METADATA);
    }
}
