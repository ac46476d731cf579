package dev.fairlead.model.onnx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads ModelProto. Field numbers here and beside are those of ONNX 1.22's {@code onnx.proto}. */
final class OnnxReader {
    private final Wire wire;
    private final ExternalData external;

    OnnxReader(Wire wire, ExternalData external) {
        this.wire = wire;
        this.external = external;
    }

    private static final class Parts {
        long irVersion;
        String producer = "";
        String producerVersion = "";
        final SortedMap<String, Long> opsets = new TreeMap<>();
        final Map<String, String> metadata = new TreeMap<>();
        final List<Graph> graphs = new ArrayList<>();
        final Map<String, Function> functions = new HashMap<>();
    }

    Model read() {
        Parts parts = new Parts();
        GraphReader graphs = new GraphReader(wire, external, Map.of());
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> parts.irVersion = wire.number(field, "ir_version");
                case 2 -> parts.producer = wire.text(field, "producer_name");
                case 3 -> parts.producerVersion = wire.text(field, "producer_version");
                case 4 -> carry(parts.metadata, Carried.DOMAIN, wire.text(field, "domain"));
                case 5 ->
                    carry(parts.metadata, Carried.MODEL_VERSION, Long.toString(wire.number(field, "model_version")));
                case 6 -> carry(parts.metadata, Carried.DOCUMENTATION, wire.text(field, "doc_string"));
                case 7 -> wire.message(field, "graph", () -> parts.graphs.add(graphs.outermost(parts.metadata)));
                case 8 ->
                    wire.message(field, "opset_import[" + parts.opsets.size() + "]", () -> opset(wire, parts.opsets));
                case 14 -> wire.message(field, "metadata_props", () -> entry(wire, parts.metadata));
                case 25 -> function(wire.part(field, "functions[" + parts.functions.size() + "]"), parts.functions);
                default -> throw wire.unknown(field, "ModelProto");
            }
        });
        if (parts.graphs.size() != 1) {
            throw wire.error(ErrorCode.MALFORMED, "graph", "there are " + parts.graphs.size() + ", expected one");
        }
        // Before IR version 3 a file could leave its operator sets out.
        if (parts.opsets.isEmpty() && parts.irVersion < 3) {
            parts.opsets.put("", 1L);
        }
        Graph graph = parts.graphs.getFirst();
        if (!parts.functions.isEmpty()) {
            graph = new FunctionInliner(wire, external, parts.functions, parts.opsets).inline(graph);
        }
        return new Model(parts.irVersion, parts.producer, parts.producerVersion, parts.opsets, parts.metadata, graph);
    }

    private void function(Wire part, Map<String, Function> functions) {
        Function function = Function.read(part, external);
        if (functions.putIfAbsent(function.key(), function) != null) {
            throw part.error(ErrorCode.MALFORMED, "name", ModelException.shown(function.name()) + " is used twice");
        }
    }

    static void opset(Wire wire, Map<String, Long> opsets) {
        String[] domain = {""};
        long[] version = {0};
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> domain[0] = wire.text(field, "domain");
                case 2 -> version[0] = wire.number(field, "version");
                default -> throw wire.unknown(field, "OperatorSetIdProto");
            }
        });
        String name = domain(domain[0]);
        Long other = opsets.put(name, version[0]);
        if (other != null && (domain[0].equals(name) || other != version[0])) {
            throw wire.error(ErrorCode.MALFORMED, "domain", ModelException.shown(domain[0]) + " is imported twice");
        }
    }

    /** ONNX' own domain has two names. */
    static String domain(String name) {
        return name.equals("ai.onnx") ? "" : name;
    }

    static void carry(Map<String, String> metadata, String key, String value) {
        if (!value.isEmpty()) {
            metadata.put(key, value);
        }
    }

    static void entry(Wire wire, Map<String, String> entries) {
        String[] pair = {"", ""};
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> pair[0] = wire.text(field, "key");
                case 2 -> pair[1] = wire.text(field, "value");
                default -> throw wire.unknown(field, "StringStringEntryProto");
            }
        });
        if (entries.putIfAbsent(pair[0], pair[1]) != null) {
            throw wire.error(ErrorCode.MALFORMED, "key", ModelException.shown(pair[0]) + " is used twice");
        }
    }
}
