package dev.fairlead.model.folder;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.mlx.MlxGraphReader;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.signature.ModelInfo;
import dev.fairlead.model.signature.ModelInfoFile;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Looks into model folders. */
public final class ModelFolder {
    private ModelFolder() {}

    /**
     * Describes a folder that has a {@code model.json}. Weights are mapped, not read.
     *
     * @throws ModelException naming file and field when the folder is broken or its format has no reader
     */
    public static ModelDescription inspect(Path folder) {
        ModelInfo info = ModelInfoFile.read(folder);
        return switch (info.format()) {
            case "mlx" -> mlx(info, folder);
            case "onnx" -> onnx(info, folder);
            default ->
                throw new ModelException(
                        ErrorCode.UNSUPPORTED,
                        ModelInfo.FILE,
                        "format",
                        ModelException.shown(info.format()) + " has no reader here");
        };
    }

    private static ModelDescription mlx(ModelInfo info, Path folder) {
        List<String> operators = MlxGraphReader.read(folder.resolve("graph.json")).nodes().stream()
                .map(MlxNode::op)
                .toList();
        try (Safetensors weights = Safetensors.open(folder.resolve("weights.safetensors"))) {
            return describe(info, operators, weights.tensors().values());
        }
    }

    private static ModelDescription onnx(ModelInfo info, Path folder) {
        try (OnnxFile file = OnnxFile.open(folder.resolve(OnnxWriter.MODEL))) {
            List<String> operators = new ArrayList<>();
            List<Tensor> weights = new ArrayList<>();
            collect(file.model().graph(), operators, weights);
            return describe(info, operators, weights);
        }
    }

    private static void collect(Graph graph, List<String> operators, List<Tensor> weights) {
        weights.addAll(graph.initializers().values());
        for (Node node : graph.nodes()) {
            operators.add(node.domain().isEmpty() ? node.op() : node.domain() + "." + node.op());
            for (Attribute attribute : node.attributes().values()) {
                if (attribute instanceof Attribute.GraphValue(Graph inner)) {
                    collect(inner, operators, weights);
                }
            }
        }
    }

    private static ModelDescription describe(ModelInfo info, List<String> operators, Collection<Tensor> weights) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        operators.forEach(operator -> counts.merge(operator, 1, Integer::sum));
        SortedMap<String, Integer> types = new TreeMap<>();
        weights.forEach(tensor -> types.merge(tensor.dtype().text(), 1, Integer::sum));
        long bytes =
                weights.stream().mapToLong(tensor -> tensor.data().byteSize()).sum();
        return new ModelDescription(info, counts, weights.size(), bytes, types);
    }
}
