package dev.fairlead.conformance.coreml;

import ai.onnxruntime.OrtException;
import dev.fairlead.conformance.OnnxRuntime;
import dev.fairlead.model.coreml.CoremlPackage;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A Core ML package lifted back to ONNX and run there, by ONNX Runtime where it can and by the interpreter where it cannot. */
public final class Returned {
    private Returned() {}

    /**
     * The outputs by their first names and types, which the package's metadata state where Core ML has others.
     *
     * @param inputs by first name; more may be given than the package takes
     */
    static Map<String, Content> run(Path coreml, Path folder, Map<String, Content> inputs) throws Exception {
        try (CoremlPackage opened = CoremlPackage.open(coreml)) {
            Lifted lifted = Lifted.of(opened.model());
            Map<String, Content> outputs = new LinkedHashMap<>();
            execute(lifted.model(), folder, lifted.feeds(inputs))
                    .forEach((feature, tensor) -> outputs.put(
                            lifted.name(feature),
                            new Content.Dense(lifted.dtype(feature)
                                    .map(dtype -> Lifted.converted(tensor, dtype))
                                    .orElse(tensor))));
            return outputs;
        }
    }

    /** The outputs of what was lifted. */
    public static Map<String, Tensor> execute(Model model, Path folder, Map<String, Tensor> feeds) throws Exception {
        Path target = folder.resolve("returned");
        Files.createDirectories(target);
        OnnxWriter.write(model, target);
        try (OnnxRuntime runtime = OnnxRuntime.open(model, target)) {
            return runtime.run(feeds);
        } catch (OrtException refused) {
            if (OnnxRuntime.missingKernel(refused).isEmpty()) {
                throw new IllegalStateException("ONNX Runtime: " + refused.getMessage(), refused);
            }
            return interpreted(model, feeds);
        }
    }

    private static Map<String, Tensor> interpreted(Model model, Map<String, Tensor> feeds) {
        Map<String, Datum> inputs = new LinkedHashMap<>();
        feeds.forEach((name, tensor) -> inputs.put(name, Datum.of(new Content.Dense(tensor))));
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        new Interpreter(model).run(inputs).forEach((name, datum) -> {
            if (datum.content() instanceof Content.Dense(Tensor tensor)) {
                outputs.put(name, tensor);
            }
        });
        return outputs;
    }
}
