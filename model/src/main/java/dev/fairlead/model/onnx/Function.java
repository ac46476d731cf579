package dev.fairlead.model.onnx;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.protobuf.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A FunctionProto. Its nodes are read again for every call, as their attributes may refer to the call's.
 *
 * @param attributes names of parameters without a default
 * @param defaults parameters with one
 * @param bytes rewinds to the whole message
 */
record Function(
        String name,
        String domain,
        String overload,
        List<String> inputs,
        List<String> outputs,
        List<String> attributes,
        Map<String, Attribute> defaults,
        Map<String, Long> opsets,
        Wire bytes) {
    String key() {
        return key(domain, name, overload);
    }

    static String key(String domain, String name, String overload) {
        return domain + "\n" + name + "\n" + overload;
    }

    static Function read(Wire wire, ExternalData external) {
        String[] names = {"", "", ""};
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        List<String> attributes = new ArrayList<>();
        Map<String, Attribute> defaults = new HashMap<>();
        Map<String, Long> opsets = new HashMap<>();
        GraphReader reader = new GraphReader(wire, external, Map.of());
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> names[0] = wire.text(field, "name");
                case 4 -> inputs.add(wire.text(field, "input"));
                case 5 -> outputs.add(wire.text(field, "output"));
                case 6 -> attributes.add(wire.text(field, "attribute"));
                case 7 -> wire.bytes(field, "node");
                case 8, 12, 14 -> wire.skip(field, "documentation"); // of what is no more, once it is inlined
                case 9 -> wire.message(field, "opset_import", () -> OnnxReader.opset(wire, opsets));
                case 10 -> names[1] = wire.text(field, "domain");
                case 11 -> wire.message(field, "attribute_proto", () -> reader.attribute(defaults));
                case 13 -> names[2] = wire.text(field, "overload");
                default -> throw wire.unknown(field, "FunctionProto");
            }
        });
        return new Function(
                names[0], names[1], names[2], inputs, outputs, attributes, defaults, opsets, wire.rewound());
    }

    /** The nodes of a call. */
    List<Node> nodes(Map<String, Attribute> bindings, ExternalData external) {
        Wire wire = bytes.rewound();
        GraphReader reader = new GraphReader(wire, external, bindings);
        List<Node> nodes = new ArrayList<>();
        wire.fields(field -> {
            if (field.number() == 7) {
                wire.message(field, "node[" + nodes.size() + "]", () -> nodes.add(reader.node()));
            } else {
                wire.skip(field, "field " + field.number());
            }
        });
        return nodes;
    }
}
