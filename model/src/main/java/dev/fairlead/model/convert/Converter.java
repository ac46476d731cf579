package dev.fairlead.model.convert;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.lift.Lift;
import dev.fairlead.model.lift.mlx.MlxLift;
import dev.fairlead.model.mlx.MlxGraph;
import dev.fairlead.model.mlx.MlxGraphReader;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.provenance.ProvenanceFile;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.signature.ModelInfo;
import dev.fairlead.model.signature.ModelInfoFile;
import dev.fairlead.model.signature.Signature;
import dev.fairlead.model.signature.TensorSpec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Converts an MLX model folder to an ONNX model folder (see docs/interchange.md). */
public final class Converter {
    private Converter() {}

    /**
     * Converts. Nothing is written unless every primitive has a rule; the same input gives the same bytes.
     *
     * @param onnxFolder made if it does not exist
     * @throws ModelException when the MLX folder breaks its format, naming file and field
     */
    public static Conversion convert(Path mlxFolder, Path onnxFolder, Options options) {
        ModelInfo info = ModelInfoFile.read(mlxFolder);
        if (!info.format().equals("mlx")) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED,
                    ModelInfo.FILE,
                    "format",
                    "expected \"mlx\", found " + ModelException.shown(info.format()));
        }
        MlxGraph graph = MlxGraphReader.read(mlxFolder.resolve("graph.json"));
        requireSameSignature(info.signature(), graph);
        try (Safetensors source = Safetensors.open(mlxFolder.resolve("weights.safetensors"));
                Arena arena = Arena.ofShared()) {
            return switch (MlxLift.lift(graph, source, arena, options.version())) {
                case Lift.Unsupported(List<UnsupportedOperation> operations) -> new Conversion.Unsupported(operations);
                case Lift.Lifted(Model model, Provenance provenance) -> {
                    Files.createDirectories(onnxFolder);
                    OnnxWriter.write(model, onnxFolder);
                    ProvenanceFile.write(provenance, onnxFolder);
                    ModelInfoFile.write(info.convertedTo("onnx", "fairlead", options.version()), onnxFolder);
                    long bytes = provenance.weights().stream()
                            .mapToLong(weight ->
                                    source.tensor(weight.source()).data().byteSize())
                            .sum();
                    yield new Conversion.Converted(
                            model.graph().nodes().size(), provenance.weights().size(), bytes);
                }
            };
        } catch (IOException e) {
            throw new ModelException(ErrorCode.IO, onnxFolder, "folder", e);
        }
    }

    private static void requireSameSignature(Signature signature, MlxGraph graph) {
        List<TensorSpec> inputs =
                graph.inputs().stream().map(value -> spec(value.name(), value)).toList();
        List<TensorSpec> outputs = graph.outputs().stream()
                .map(output -> spec(output.name(), output.value()))
                .toList();
        requireSame("signature.inputs", signature.inputs(), inputs);
        requireSame("signature.outputs", signature.outputs(), outputs);
    }

    private static void requireSame(String field, List<TensorSpec> stated, List<TensorSpec> traced) {
        if (!stated.equals(traced)) {
            throw new ModelException(
                    ErrorCode.MALFORMED, ModelInfo.FILE, field, "is " + stated + ", but graph.json says " + traced);
        }
    }

    private static TensorSpec spec(String name, MlxValue value) {
        return new TensorSpec(name, value.dtype(), value.dims());
    }
}
