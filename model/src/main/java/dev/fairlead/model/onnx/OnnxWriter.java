package dev.fairlead.model.onnx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.TextArray;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.protobuf.Message;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code model.onnx}, and {@code model.onnx.data} where a weight is large enough. The same model always gives
 * the same bytes. Weights stream from where they lie.
 */
public final class OnnxWriter {
    public static final String MODEL = "model.onnx";
    public static final String DATA = "model.onnx.data";

    /** Tensors of at least as many bytes go to the data file. */
    public static final long EXTERNAL_FROM = 1024;

    private static final long ALIGNMENT = 64;

    /** ONNX asks for page alignment so that large tensors can be mapped. */
    private static final long PAGE = 4096;

    private static final long PAGED_FROM = 1L << 20;

    private final Map<String, Long> offsets = new LinkedHashMap<>();

    private OnnxWriter() {}

    /** Writes a model into an existing folder. */
    public static void write(Model model, Path folder) {
        new OnnxWriter().writeTo(model, folder);
    }

    private void writeTo(Model model, Path folder) {
        long at = 0;
        for (Map.Entry<String, Tensor> entry : model.graph().initializers().entrySet()) {
            long size = entry.getValue().data().byteSize();
            if (size >= EXTERNAL_FROM) {
                long alignment = size >= PAGED_FROM ? PAGE : ALIGNMENT;
                at = Math.ceilDiv(at, alignment) * alignment;
                offsets.put(entry.getKey(), at);
                at += size;
            }
        }
        try {
            if (!offsets.isEmpty()) {
                writeData(model.graph(), folder.resolve(DATA));
            }
            Files.write(folder.resolve(MODEL), model(model).toBytes());
        } catch (IOException e) {
            throw new ModelException(ErrorCode.IO, folder.resolve(MODEL), "file", e);
        }
    }

    private void writeData(Graph graph, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (Map.Entry<String, Long> entry : offsets.entrySet()) {
                Tensor tensor = graph.initializers().get(entry.getKey());
                if (tensor != null) {
                    long gap = entry.getValue() - channel.position();
                    Segments.write(channel, MemorySegment.ofArray(new byte[Math.toIntExact(gap)]));
                    Segments.write(channel, tensor.data());
                }
            }
        }
    }

    private Message model(Model model) {
        Message out = new Message();
        out.number(1, model.irVersion());
        out.text(2, model.producer());
        out.text(3, model.producerVersion());
        Map<String, String> metadata = model.metadata();
        out.text(4, metadata.getOrDefault(Carried.DOMAIN, ""));
        String modelVersion = metadata.get(Carried.MODEL_VERSION);
        if (modelVersion != null) {
            out.number(5, modelVersion(modelVersion));
        }
        out.text(6, metadata.getOrDefault(Carried.DOCUMENTATION, ""));
        out.message(7, graph -> {
            writeGraph(model.graph(), graph, offsets);
            graph.text(10, metadata.getOrDefault(Carried.GRAPH_DOCUMENTATION, ""));
            metadata.forEach((key, value) -> {
                if (key.startsWith(Carried.GRAPH_METADATA)) {
                    graph.entries(16, Map.of(key.substring(Carried.GRAPH_METADATA.length()), value));
                }
            });
        });
        model.opsets()
                .forEach((domain, version) -> out.message(8, opset -> {
                    opset.text(1, domain);
                    opset.number(2, version);
                }));
        out.entries(14, plain(metadata));
        return out;
    }

    private static long modelVersion(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ModelException(
                    ErrorCode.MALFORMED, MODEL, Carried.MODEL_VERSION, ModelException.shown(text) + " is no number");
        }
    }

    private static Map<String, String> plain(Map<String, String> metadata) {
        Map<String, String> plain = new TreeMap<>(metadata);
        plain.keySet().removeIf(Carried::isReserved);
        return plain;
    }

    /** @param external where in the data file an initializer lies; all of an inner graph's stand in the model */
    private static void writeGraph(Graph graph, Message out, Map<String, Long> external) {
        graph.nodes().forEach(node -> out.message(1, message -> writeNode(node, message)));
        out.text(2, graph.name());
        graph.initializers()
                .forEach((name, tensor) ->
                        out.message(5, message -> writeTensor(name, tensor, message, external.get(name))));
        graph.inputs().forEach(value -> out.message(11, message -> ValueWriter.write(value, message)));
        graph.outputs().forEach(value -> out.message(12, message -> ValueWriter.write(value, message)));
        graph.values().forEach(value -> out.message(13, message -> ValueWriter.write(value, message)));
    }

    private static void writeNode(Node node, Message out) {
        node.inputs().forEach(name -> out.item(1, name));
        node.outputs().forEach(name -> out.item(2, name));
        out.text(3, node.name());
        out.text(4, node.op());
        node.attributes()
                .forEach((name, attribute) -> out.message(5, message -> writeAttribute(name, attribute, message)));
        out.text(6, node.metadata().getOrDefault(Carried.DOCUMENTATION, ""));
        out.text(7, node.domain());
        out.text(8, node.metadata().getOrDefault(Carried.OVERLOAD, ""));
        out.entries(9, plain(node.metadata()));
    }

    private static void writeAttribute(String name, Attribute attribute, Message out) {
        out.text(1, name);
        switch (attribute) {
            case Attribute.Real(float value) -> out.real(2, value);
            case Attribute.Int(long value) -> out.number(3, value);
            case Attribute.Text(String value) -> out.item(4, value);
            case Attribute.TensorValue(Tensor value) ->
                out.message(5, message -> writeTensor("", value, message, null));
            case Attribute.TextTensor(TextArray value) -> out.message(5, message -> writeTexts(value, message));
            case Attribute.TypeValue(Type value) -> out.message(14, message -> ValueWriter.write("", value, message));
            case Attribute.GraphValue(Graph value) -> out.message(6, message -> writeGraph(value, message, Map.of()));
            case Attribute.Reals(var values) -> out.packedReals(7, values);
            case Attribute.Ints(var values) -> out.packedNumbers(8, values);
            case Attribute.Texts(var values) -> values.forEach(value -> out.item(9, value));
        }
        out.number(20, AttributeKind.of(attribute).code());
    }

    private static void writeTensor(String name, Tensor tensor, Message out, @Nullable Long offset) {
        out.packedNumbers(1, tensor.shape());
        out.number(2, ValueWriter.code(name, tensor.dtype()));
        out.text(8, name);
        if (offset == null) {
            out.bytes(9, tensor.data().toArray(ValueLayout.JAVA_BYTE));
            return;
        }
        Map<String, String> place = new LinkedHashMap<>();
        place.put("location", DATA);
        place.put("offset", Long.toString(offset));
        place.put("length", Long.toString(tensor.data().byteSize()));
        out.entries(13, place);
        out.number(14, 1);
    }

    private static void writeTexts(TextArray texts, Message out) {
        out.packedNumbers(1, texts.shape());
        out.number(2, OnnxTypes.STRING);
        texts.values().forEach(text -> out.item(6, text));
    }
}
