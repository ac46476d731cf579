package dev.fairlead.model.provenance;

import dev.fairlead.model.graph.Origin;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A node's origin in ONNX {@code metadata_props}, so that it survives where {@code provenance.json} is lost. */
public final class OriginMetadata {
    public static final String OPERATION = "fairlead.primitive";
    public static final String SOURCE = "fairlead.source";
    private static final String MODULE = "fairlead.module";
    private static final String FILE = "fairlead.file";
    private static final String LINE = "fairlead.line";

    private OriginMetadata() {}

    /**
     * The entries of a node.
     *
     * @param operation of the source graph that the node stands for
     * @param source value of the source graph that the operation makes
     */
    public static SortedMap<String, String> of(String operation, String source, Origin origin) {
        SortedMap<String, String> metadata = new TreeMap<>();
        metadata.put(OPERATION, operation);
        metadata.put(SOURCE, source);
        origin.module().ifPresent(module -> metadata.put(MODULE, module));
        origin.file().ifPresent(file -> metadata.put(FILE, file));
        origin.line().ifPresent(line -> metadata.put(LINE, line.toString()));
        return metadata;
    }

    /** The origin that a node's entries state; what they lack or garble is absent. */
    public static Origin origin(Map<String, String> metadata) {
        return new Origin(
                Optional.ofNullable(metadata.get(MODULE)),
                Optional.ofNullable(metadata.get(FILE)),
                Optional.ofNullable(metadata.get(LINE))
                        .filter(text -> text.matches("[0-9]{1,9}"))
                        .map(Integer::valueOf));
    }
}
