package dev.fairlead.model.onnx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.protobuf.Wire;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads ModelProto, GraphProto and NodeProto. Field numbers are those of ONNX 1.22's {@code onnx.proto}. */
final class OnnxReader {
    private final Wire wire;
    private final TensorReader tensors;
    private final ValueReader values;

    OnnxReader(String file, MemorySegment segment, ExternalData external) {
        this.wire = new Wire(file, segment);
        this.tensors = new TensorReader(wire, external);
        this.values = new ValueReader(wire);
    }

    private static final class ModelParts {
        long irVersion;
        String producer = "";
        String producerVersion = "";
        final SortedMap<String, Long> opsets = new TreeMap<>();
        final Map<String, String> metadata = new TreeMap<>();
        final List<Graph> graphs = new ArrayList<>();
    }

    Model read() {
        ModelParts parts = new ModelParts();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> parts.irVersion = wire.number(field, "ir_version");
                case 2 -> parts.producer = wire.text(field, "producer_name");
                case 3 -> parts.producerVersion = wire.text(field, "producer_version");
                case 4, 5, 6 -> wire.skip(field, "doc_string");
                case 7 -> wire.message(field, "graph", () -> parts.graphs.add(graph()));
                case 8 -> wire.message(field, "opset_import[" + parts.opsets.size() + "]", () -> opset(parts.opsets));
                case 14 -> wire.message(field, "metadata_props", () -> entry(wire, parts.metadata));
                default -> throw wire.unknown(field, "ModelProto");
            }
        });
        if (parts.graphs.size() != 1) {
            throw wire.error(ErrorCode.MALFORMED, "graph", "there are " + parts.graphs.size() + ", expected one");
        }
        return new Model(
                parts.irVersion,
                parts.producer,
                parts.producerVersion,
                parts.opsets,
                parts.metadata,
                parts.graphs.getFirst());
    }

    private void opset(Map<String, Long> opsets) {
        String[] domain = {""};
        long[] version = {0};
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> domain[0] = wire.text(field, "domain");
                case 2 -> version[0] = wire.number(field, "version");
                default -> throw wire.unknown(field, "OperatorSetIdProto");
            }
        });
        if (opsets.put(domain[0], version[0]) != null) {
            throw wire.error(ErrorCode.MALFORMED, "domain", ModelException.shown(domain[0]) + " is imported twice");
        }
    }

    private Graph graph() {
        String[] name = {""};
        List<Value> inputs = new ArrayList<>();
        List<Value> outputs = new ArrayList<>();
        List<Value> inner = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        Map<String, Tensor> initializers = new LinkedHashMap<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> wire.message(field, "node[" + nodes.size() + "]", () -> nodes.add(node()));
                case 2 -> name[0] = wire.text(field, "name");
                case 5 ->
                    wire.message(field, "initializer[" + initializers.size() + "]", () -> initializer(initializers));
                case 10 -> wire.skip(field, "doc_string");
                case 11 -> wire.message(field, "input[" + inputs.size() + "]", () -> inputs.add(values.read()));
                case 12 -> wire.message(field, "output[" + outputs.size() + "]", () -> outputs.add(values.read()));
                case 13 -> wire.message(field, "value_info[" + inner.size() + "]", () -> inner.add(values.read()));
                default -> throw wire.unknown(field, "GraphProto");
            }
        });
        return new Graph(name[0], inputs, outputs, initializers, nodes, inner);
    }

    private void initializer(Map<String, Tensor> initializers) {
        TensorReader.Named named = tensors.read();
        if (initializers.putIfAbsent(named.name(), named.tensor()) != null) {
            throw wire.error(ErrorCode.MALFORMED, "name", ModelException.shown(named.name()) + " is used twice");
        }
    }

    private Node node() {
        String[] names = {"", "", ""};
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        SortedMap<String, Attribute> attributes = new TreeMap<>();
        SortedMap<String, String> metadata = new TreeMap<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> inputs.add(wire.text(field, "input"));
                case 2 -> outputs.add(wire.text(field, "output"));
                case 3 -> names[0] = wire.text(field, "name");
                case 4 -> names[1] = wire.text(field, "op_type");
                case 5 -> wire.message(field, "attribute[" + attributes.size() + "]", () -> attribute(attributes));
                case 6 -> wire.skip(field, "doc_string");
                case 7 -> names[2] = wire.text(field, "domain");
                case 9 -> wire.message(field, "metadata_props", () -> entry(wire, metadata));
                default -> throw wire.unknown(field, "NodeProto");
            }
        });
        return new Node(names[0], names[2], names[1], inputs, outputs, attributes, metadata);
    }

    private void attribute(Map<String, Attribute> attributes) {
        AttributeParts parts = new AttributeParts();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> parts.name = wire.text(field, "name");
                case 2 -> parts.real = wire.real(field, "f");
                case 3 -> parts.number = wire.number(field, "i");
                case 4 -> parts.text = wire.text(field, "s");
                case 5 ->
                    wire.message(field, "t", () -> parts.tensor = tensors.read().tensor());
                case 6 -> wire.message(field, "g", () -> parts.graph = graph());
                case 7 -> wire.reals(field, "floats", parts.reals);
                case 8 -> wire.numbers(field, "ints", parts.numbers);
                case 9 -> parts.texts.add(wire.text(field, "strings"));
                case 13 -> wire.skip(field, "doc_string");
                case 20 -> parts.type = wire.number(field, "type");
                default -> throw wire.unknown(field, "AttributeProto");
            }
        });
        if (attributes.putIfAbsent(parts.name, parts.attribute(wire)) != null) {
            throw wire.error(ErrorCode.MALFORMED, "name", ModelException.shown(parts.name) + " is used twice");
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
