package dev.fairlead.model.convert;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.mlx.MlxGraph;
import dev.fairlead.model.mlx.MlxGraphReader;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.signature.ModelInfo;
import dev.fairlead.model.signature.ModelInfoFile;
import dev.fairlead.model.signature.Signature;
import dev.fairlead.model.signature.TensorSpec;
import dev.fairlead.model.tensor.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Converts an MLX model folder to an ONNX model folder (see docs/interchange.md). */
public final class Converter {
    /** ONNX Runtime registers its CUDA DequantizeLinear at exactly this version; later ones drop to the CPU. */
    static final long OPSET = 21;

    static final long IR_VERSION = 10;

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
            Names names = new Names(graph, "graph.json");
            Weights weights = new Weights(graph, source, arena);
            Emitter emitter = new Emitter(graph, names, weights);
            List<UnsupportedOperation> unsupported = lower(graph, emitter);
            if (!unsupported.isEmpty()) {
                return new Conversion.Unsupported(unsupported);
            }
            Assembly assembly = Assembly.of(graph, names, emitter, weights);
            Model model = new Model(
                    IR_VERSION,
                    "fairlead",
                    options.version(),
                    new TreeMap<>(Map.of("", OPSET)),
                    Map.of("fairlead.source", "mlx " + graph.frameworkVersion()),
                    assembly.graph());
            Files.createDirectories(onnxFolder);
            OnnxWriter.write(model, onnxFolder);
            ProvenanceFile.write(assembly, onnxFolder);
            ModelInfoFile.write(info.convertedTo("onnx", "fairlead", options.version()), onnxFolder);
            long bytes = assembly.weights().stream()
                    .mapToLong(weight -> source.tensor(weight.source()).data().byteSize())
                    .sum();
            return new Conversion.Converted(
                    assembly.graph().nodes().size(), assembly.weights().size(), bytes);
        } catch (IOException e) {
            throw new ModelException(ErrorCode.IO, onnxFolder, "folder", e);
        }
    }

    private static List<UnsupportedOperation> lower(MlxGraph graph, Emitter emitter) {
        List<UnsupportedOperation> unsupported = new ArrayList<>();
        for (MlxNode node : graph.nodes()) {
            Optional<Rule> rule = Rules.all().find(node);
            if (rule.isEmpty()) {
                unsupported.add(unsupported(node, Rules.all().missing(node)));
            } else if (usesComplex(node)) {
                unsupported.add(unsupported(node, "no rule converts complex numbers"));
            } else {
                try {
                    emitter.begin(node, rule.get());
                    rule.get().lowering().lower(node, emitter);
                } catch (ModelException e) {
                    // All other failures mean that the file is wrong; this one is collected, to report every one.
                    if (e.code() != ErrorCode.UNSUPPORTED) {
                        throw e;
                    }
                    unsupported.add(unsupported(node, e.problem()));
                }
            }
        }
        return unsupported;
    }

    private static UnsupportedOperation unsupported(MlxNode node, String reason) {
        return new UnsupportedOperation(node.op(), node.path(), node.origin(), reason);
    }

    private static boolean usesComplex(MlxNode node) {
        return node.outputs().stream().anyMatch(value -> value.dtype() == DType.COMPLEX64)
                || node.inputs().stream().anyMatch(value -> value.dtype() == DType.COMPLEX64);
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
