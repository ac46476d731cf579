package dev.fairlead.conformance.random;

import ai.onnxruntime.OrtException;
import dev.fairlead.conformance.Folders;
import dev.fairlead.conformance.OnnxRuntime;
import dev.fairlead.conformance.Outcome;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A random graph in the interpreter, held against ONNX Runtime. */
final class OnnxRuntimeCase {
    private OnnxRuntimeCase() {}

    @SuppressWarnings("CatchingUnchecked") // a process boundary: whatever a case throws is its outcome
    static Outcome run(RandomGraph graph) {
        try {
            Path folder = Files.createTempDirectory("fairlead-random");
            OnnxWriter.write(graph.model(), folder);
            try (OnnxRuntime runtime = OnnxRuntime.open(graph.model(), folder)) {
                return compared(graph, runtime.run(graph.inputs()), Interpreted.outputs(graph));
            } finally {
                Folders.delete(folder);
            }
        } catch (OrtException e) {
            return OnnxRuntime.missingKernel(e)
                    .<Outcome>map(kernel -> new Outcome.Unsupported("ONNX Runtime has no kernel for " + kernel))
                    .orElseGet(() -> Outcome.of(e));
        } catch (Exception | StackOverflowError e) {
            return Outcome.of(e);
        }
    }

    static Outcome compared(RandomGraph graph, Map<String, Tensor> expected, Map<String, Tensor> found) {
        return Numbers.difference(expected, found)
                .<Outcome>map(problem -> new Outcome.Failed(problem + " in " + graph))
                .orElseGet(Outcome.Passed::new);
    }
}
