package dev.fairlead.model.onnx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.TextArray;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads GraphProto, NodeProto and AttributeProto. */
final class GraphReader {
    private final Wire wire;
    private final TensorReader tensors;
    private final SparseReader sparse;
    private final ValueReader values;
    private final Map<String, Attribute> bindings;

    /** @param bindings what attributes that refer to a function's parameters stand for; empty outside functions */
    GraphReader(Wire wire, ExternalData external, Map<String, Attribute> bindings) {
        this.wire = wire;
        this.tensors = new TensorReader(wire, external);
        this.sparse = new SparseReader(wire, tensors);
        this.values = new ValueReader(wire);
        this.bindings = bindings;
    }

    private static final class Parts {
        String name = "";
        final List<Value> inputs = new ArrayList<>();
        final List<Value> outputs = new ArrayList<>();
        final List<Value> inner = new ArrayList<>();
        final List<Node> nodes = new ArrayList<>();
        final Map<String, Tensor> initializers = new LinkedHashMap<>();
        final Map<String, TextArray> texts = new LinkedHashMap<>();
    }

    /** The model's graph, whose documentation and metadata go to the model's. */
    Graph outermost(Map<String, String> metadata) {
        Parts parts = new Parts();
        wire.fields(field -> {
            switch (field.number()) {
                case 10 -> OnnxReader.carry(metadata, Carried.GRAPH_DOCUMENTATION, wire.text(field, "doc_string"));
                case 16 -> {
                    Map<String, String> own = new TreeMap<>();
                    wire.message(field, "metadata_props", () -> OnnxReader.entry(wire, own));
                    own.forEach((key, value) -> metadata.put(Carried.GRAPH_METADATA + key, value));
                }
                default -> read(field, parts);
            }
        });
        return graph(parts);
    }

    private Graph inner() {
        Parts parts = new Parts();
        wire.fields(field -> {
            if (field.number() == 10) {
                wire.skip(field, "doc_string");
            } else {
                read(field, parts);
            }
        });
        return graph(parts);
    }

    private void read(Wire.Field field, Parts parts) {
        switch (field.number()) {
            case 1 -> wire.message(field, "node[" + parts.nodes.size() + "]", () -> parts.nodes.add(node()));
            case 2 -> parts.name = wire.text(field, "name");
            case 5 -> {
                String name = "initializer[" + (parts.initializers.size() + parts.texts.size()) + "]";
                wire.message(field, name, () -> initializer(parts));
            }
            case 11 -> wire.message(field, "input[" + parts.inputs.size() + "]", () -> parts.inputs.add(values.read()));
            case 12 ->
                wire.message(field, "output[" + parts.outputs.size() + "]", () -> parts.outputs.add(values.read()));
            case 13 ->
                wire.message(field, "value_info[" + parts.inner.size() + "]", () -> parts.inner.add(values.read()));
            case 15 -> wire.message(field, "sparse_initializer", () -> sparseInitializer(parts));
            default -> throw wire.unknown(field, "GraphProto");
        }
    }

    private void initializer(Parts parts) {
        TensorReader.Named named = tensors.read();
        switch (named.content()) {
            case Content.Dense(var tensor) -> add(named.name(), tensor, named.metadata(), parts);
            case Content.Texts(var array) -> {
                unused(named.name(), parts);
                parts.texts.put(named.name(), array);
            }
            case Content.Sequence _, Content.Maybe _ -> throw new IllegalStateException("a TensorProto is no sequence");
        }
    }

    private void sparseInitializer(Parts parts) {
        SparseReader.Named named = sparse.read();
        add(named.name(), named.tensor(), named.metadata(), parts);
    }

    /** A tensor's metadata go to the value of its name. */
    private void add(String name, Tensor tensor, Map<String, String> metadata, Parts parts) {
        unused(name, parts);
        parts.initializers.put(name, tensor);
        if (!metadata.isEmpty()) {
            List<Dim> shape = tensor.shape().stream()
                    .map(size -> (Dim) new Dim.Fixed(size))
                    .toList();
            parts.inner.add(Value.of(name, tensor.dtype(), shape).withMetadata(metadata));
        }
    }

    private void unused(String name, Parts parts) {
        if (parts.initializers.containsKey(name) || parts.texts.containsKey(name)) {
            throw wire.error(ErrorCode.MALFORMED, "name", ModelException.shown(name) + " is used twice");
        }
    }

    /** The graph has no initializers of strings: each becomes the constant that it is. */
    private Graph graph(Parts parts) {
        List<Node> nodes = new ArrayList<>();
        parts.texts.forEach((name, array) -> {
            if (parts.inputs.stream().anyMatch(input -> input.name().equals(name))) {
                throw wire.error(
                        ErrorCode.UNSUPPORTED,
                        "initializer",
                        ModelException.shown(name) + " is the default of an input of strings");
            }
            SortedMap<String, Attribute> attributes = new TreeMap<>();
            attributes.put("value", new Attribute.TextTensor(array));
            nodes.add(new Node("", "", "Constant", List.of(), List.of(name), attributes, new TreeMap<>()));
        });
        nodes.addAll(parts.nodes);
        return new Graph(parts.name, parts.inputs, parts.outputs, parts.initializers, nodes, parts.inner);
    }

    Node node() {
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
                case 6 -> OnnxReader.carry(metadata, Carried.DOCUMENTATION, wire.text(field, "doc_string"));
                case 7 -> names[2] = OnnxReader.domain(wire.text(field, "domain"));
                case 8 -> OnnxReader.carry(metadata, Carried.OVERLOAD, wire.text(field, "overload"));
                case 9 -> wire.message(field, "metadata_props", () -> OnnxReader.entry(wire, metadata));
                default -> throw wire.unknown(field, "NodeProto");
            }
        });
        return new Node(names[0], names[2], names[1], inputs, outputs, attributes, metadata);
    }

    /** An attribute that refers to a parameter takes its value, and is left out where the parameter is. */
    void attribute(Map<String, Attribute> attributes) {
        AttributeParts parts = new AttributeParts();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> parts.name = wire.text(field, "name");
                case 2 -> parts.real = wire.real(field, "f");
                case 3 -> parts.number = wire.number(field, "i");
                case 4 -> parts.text = wire.text(field, "s");
                case 5 ->
                    wire.message(field, "t", () -> parts.tensor = tensors.read().content());
                case 6 -> wire.message(field, "g", () -> parts.graph = inner());
                case 7 -> wire.reals(field, "floats", parts.reals);
                case 8 -> wire.numbers(field, "ints", parts.numbers);
                case 9 -> parts.texts.add(wire.text(field, "strings"));
                case 13 -> wire.skip(field, "doc_string");
                case 14 -> wire.message(field, "tp", () -> parts.valueType = values.type());
                case 20 -> parts.type = wire.number(field, "type");
                case 21 -> parts.reference = wire.text(field, "ref_attr_name");
                case 22 ->
                    wire.message(
                            field,
                            "sparse_tensor",
                            () -> parts.sparse = sparse.read().tensor());
                default -> throw wire.unknown(field, "AttributeProto");
            }
        });
        Attribute attribute = parts.reference.isEmpty() ? parts.attribute(wire) : bindings.get(parts.reference);
        if (attribute == null) {
            return;
        }
        // A sparse constant is dense here, so it is stored where a dense one would be.
        String name = parts.name.equals("sparse_value") ? "value" : parts.name;
        if (attributes.putIfAbsent(name, attribute) != null) {
            throw wire.error(ErrorCode.MALFORMED, "name", ModelException.shown(name) + " is used twice");
        }
    }
}
