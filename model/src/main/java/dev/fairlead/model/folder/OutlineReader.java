package dev.fairlead.model.folder;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.gguf.GgufFile;
import dev.fairlead.model.gguf.GgufValue;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.mlx.MlxGraph;
import dev.fairlead.model.mlx.MlxGraphReader;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.safetensors.ShardedSafetensors;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes outlines of models. Weights are mapped, not read. */
public final class OutlineReader {
    private static final String INDEX = "model.safetensors.index.json";
    private static final String SOURCE = "fairlead.source";

    private OutlineReader() {}

    /**
     * Outlines a model folder, an {@code .mlpackage}, or a file that ends in {@code .mlmodel}, {@code .onnx}, {@code .safetensors},
     * {@code .index.json} or {@code .gguf}.
     *
     * @throws ModelException naming file and field when it is broken, or of no format that has a reader
     */
    public static Outline read(Path path) {
        String name = ModelException.name(path);
        if (Files.isDirectory(path)) {
            return folder(path, name);
        }
        if (name.endsWith(".mlmodel")) {
            return CoremlOutline.read(path);
        }
        if (name.endsWith(".onnx")) {
            return onnx(path);
        }
        if (name.endsWith(".gguf")) {
            return gguf(path);
        }
        if (name.endsWith(".index.json")) {
            try (ShardedSafetensors files = ShardedSafetensors.open(path)) {
                return tensors(files.tensors(), Map.of());
            }
        }
        if (name.endsWith(".safetensors")) {
            try (Safetensors file = Safetensors.open(path)) {
                return tensors(file.tensors(), file.metadata());
            }
        }
        throw new ModelException(
                Files.exists(path) ? ErrorCode.UNSUPPORTED : ErrorCode.MISSING,
                name,
                "file",
                Files.exists(path) ? "is of no format that has a reader here" : "does not exist");
    }

    private static Outline folder(Path folder, String name) {
        if (Files.exists(folder.resolve("graph.json"))) {
            return mlx(folder);
        }
        for (Path place : List.of(folder, folder.resolve(CoremlOutline.PACKAGE))) {
            if (Files.exists(place.resolve(CoremlOutline.MANIFEST))) {
                return CoremlOutline.read(place);
            }
        }
        for (String file : List.of(OnnxWriter.MODEL, INDEX, "model.safetensors")) {
            if (Files.exists(folder.resolve(file))) {
                return read(folder.resolve(file));
            }
        }
        throw new ModelException(
                ErrorCode.MISSING, name, "folder", "holds no model of a format that has a reader here");
    }

    private static Outline mlx(Path folder) {
        MlxGraph graph = MlxGraphReader.read(folder.resolve("graph.json"));
        try (Safetensors file = Safetensors.open(folder.resolve("weights.safetensors"))) {
            return new Outline(
                    "mlx",
                    graph.inputs().stream()
                            .map(value ->
                                    new Outline.Port(value.name(), value.dtype().text() + value.dims()))
                            .toList(),
                    graph.outputs().stream()
                            .map(output -> new Outline.Port(
                                    output.name(),
                                    output.value().dtype().text()
                                            + output.value().dims()))
                            .toList(),
                    graph.nodes().stream()
                            .map(node -> new Outline.Step(
                                    node.output().name(),
                                    node.op(),
                                    node.output().name(),
                                    node.origin().toString()))
                            .toList(),
                    weights(file.tensors().values()),
                    new TreeMap<>(Map.of("framework", "MLX " + graph.frameworkVersion())));
        }
    }

    private static Outline onnx(Path path) {
        try (OnnxFile file = OnnxFile.open(path)) {
            Model model = file.model();
            List<Outline.Step> steps = new ArrayList<>();
            List<Tensor> tensors = new ArrayList<>();
            collect(model.graph(), steps, tensors);
            SortedMap<String, String> notes = new TreeMap<>(model.metadata());
            notes.put("ir_version", Long.toString(model.irVersion()));
            model.opsets().forEach((domain, version) -> notes.put("opset " + domain, version.toString()));
            if (!model.producer().isEmpty()) {
                notes.put("producer", (model.producer() + " " + model.producerVersion()).strip());
            }
            List<Value> inputs = model.graph().inputs().stream()
                    .filter(input -> !model.graph().initializers().containsKey(input.name()))
                    .toList();
            return new Outline("onnx", ports(inputs), ports(model.graph().outputs()), steps, weights(tensors), notes);
        }
    }

    private static void collect(Graph graph, List<Outline.Step> steps, List<Tensor> tensors) {
        tensors.addAll(graph.initializers().values());
        for (Node node : graph.nodes()) {
            String output =
                    node.outputs().isEmpty() ? node.name() : node.outputs().getFirst();
            String place =
                    Optional.ofNullable(node.metadata().get("fairlead.module")).orElse(node.name());
            steps.add(new Outline.Step(
                    node.metadata().getOrDefault(SOURCE, output),
                    node.domain().isEmpty() ? node.op() : node.domain() + "." + node.op(),
                    output,
                    place));
            node.attributes().values().forEach(attribute -> {
                if (attribute instanceof Attribute.GraphValue(Graph inner)) {
                    collect(inner, steps, tensors);
                }
            });
        }
    }

    private static List<Outline.Port> ports(List<Value> values) {
        return values.stream()
                .map(value -> new Outline.Port(value.name(), type(value.type())))
                .toList();
    }

    private static String type(Type type) {
        return switch (type) {
            case Type.Dense(var dtype, var shape) -> dtype.map(t -> t.text()).orElse("?") + shape(shape);
            case Type.Texts(var shape) -> "string" + shape(shape);
            case Type.Sparse(var dtype, var shape) ->
                "sparse " + dtype.map(t -> t.text()).orElse("?") + shape(shape);
            case Type.Sequence(Type item) -> "sequence of " + type(item);
            case Type.Maybe(Type item) -> "optional " + type(item);
            case Type.Mapping mapping -> "map to " + type(mapping.item());
        };
    }

    private static String shape(Optional<List<Dim>> shape) {
        return shape.map(List::toString).orElse(" of any rank");
    }

    private static Outline gguf(Path path) {
        try (GgufFile file = GgufFile.open(path)) {
            SortedMap<String, Outline.Amount> weights = new TreeMap<>();
            file.tensors()
                    .values()
                    .forEach(tensor ->
                            add(weights, tensor.type().name(), tensor.data().byteSize()));
            SortedMap<String, String> notes = new TreeMap<>();
            file.metadata().forEach((key, value) -> notes.put(key, text(value)));
            return new Outline("gguf", List.of(), List.of(), List.of(), weights, notes);
        }
    }

    private static String text(GgufValue value) {
        return switch (value) {
            case GgufValue.Whole whole -> Long.toString(whole.value());
            case GgufValue.Real real -> Double.toString(real.value());
            case GgufValue.Flag(boolean flag) -> Boolean.toString(flag);
            case GgufValue.Text(String text) -> text;
            case GgufValue.Items items -> items.count() + " of " + items.element();
        };
    }

    private static Outline tensors(SortedMap<String, Tensor> tensors, Map<String, String> metadata) {
        return new Outline(
                "safetensors", List.of(), List.of(), List.of(), weights(tensors.values()), new TreeMap<>(metadata));
    }

    static SortedMap<String, Outline.Amount> weights(Iterable<Tensor> tensors) {
        SortedMap<String, Outline.Amount> weights = new TreeMap<>();
        tensors.forEach(
                tensor -> add(weights, tensor.dtype().text(), tensor.data().byteSize()));
        return weights;
    }

    private static void add(Map<String, Outline.Amount> weights, String type, long bytes) {
        weights.put(type, weights.getOrDefault(type, new Outline.Amount(0, 0)).plus(bytes));
    }
}
