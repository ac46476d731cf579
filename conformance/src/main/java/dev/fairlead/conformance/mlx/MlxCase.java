package dev.fairlead.conformance.mlx;

import ai.onnxruntime.OrtException;
import dev.fairlead.conformance.OnnxRuntime;
import dev.fairlead.conformance.Outcome;
import dev.fairlead.model.convert.Conversion;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Options;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.mlx.MlxGraph;
import dev.fairlead.model.mlx.MlxGraphReader;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * One exported function.
 *
 * @param folder the MLX folder, with {@code inputs.safetensors} and {@code expected.safetensors} in it
 * @param converted the ONNX folder to make
 */
record MlxCase(Path folder, Path converted) {
    Outcome run() throws IOException, OrtException {
        Conversion conversion = Converter.convert(folder, converted, Options.defaults());
        if (conversion instanceof Conversion.Unsupported(var operations, var _)) {
            return refused(operations);
        }
        MlxGraph graph = MlxGraphReader.read(folder.resolve("graph.json"));
        Tolerance tolerance = Tolerance.of(precision(graph));
        try (Safetensors inputs = Safetensors.open(folder.resolve("inputs.safetensors"));
                Safetensors expected = Safetensors.open(folder.resolve("expected.safetensors"));
                OnnxFile file = OnnxFile.open(converted.resolve("model.onnx"))) {
            Map<String, Tensor> wanted = expected.tensors();
            try (OnnxRuntime runtime = OnnxRuntime.open(file.model(), converted)) {
                return tolerance
                        .difference(wanted, runtime.run(inputs.tensors()))
                        .<Outcome>map(Outcome.Failed::new)
                        .orElseGet(Outcome.Passed::new);
            } catch (OrtException e) {
                if (OnnxRuntime.missingKernel(e).isEmpty()) {
                    throw e;
                }
            }
            Map<String, Datum> data = new LinkedHashMap<>();
            inputs.tensors().forEach((name, tensor) -> data.put(name, Datum.of(new Content.Dense(tensor))));
            Map<String, Tensor> found = new LinkedHashMap<>();
            new Interpreter(file.model()).run(data).forEach((name, datum) -> {
                if (datum.content() instanceof Content.Dense(Tensor tensor)) {
                    found.put(name, tensor);
                }
            });
            return tolerance
                    .difference(wanted, found)
                    .<Outcome>map(problem -> new Outcome.Failed("in the interpreter, " + problem))
                    .orElseGet(() -> new Outcome.PassedElsewhere(
                            "the float64 interpreter, for ONNX Runtime on a CPU has no kernel of the case's type"));
        }
    }

    /** Names each primitive and reason once. */
    static Outcome refused(List<UnsupportedOperation> operations) {
        TreeSet<String> reasons = new TreeSet<>();
        for (UnsupportedOperation operation : operations) {
            reasons.add(operation.op() + ": " + operation.reason());
        }
        return new Outcome.Unsupported(String.join("; ", reasons));
    }

    /** The coarsest floating type that anything in the graph has. */
    private static DType precision(MlxGraph graph) {
        DType coarsest = DType.FLOAT32;
        for (MlxValue value : graph.values().values()) {
            if (value.dtype() == DType.BFLOAT16) {
                return DType.BFLOAT16;
            }
            if (value.dtype() == DType.FLOAT16) {
                coarsest = DType.FLOAT16;
            }
        }
        return coarsest;
    }
}
