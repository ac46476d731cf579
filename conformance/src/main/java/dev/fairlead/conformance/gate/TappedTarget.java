package dev.fairlead.conformance.gate;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.fairlead.conformance.Folders;
import dev.fairlead.conformance.OnnxRuntime;
import dev.fairlead.conformance.gate.Fault.Level;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.rewrite.DeadCode;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.locate.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a machine makes of a graph, with any value tapped: ONNX Runtime on the CPU, on a model that has the taps as outputs. */
final class TappedTarget implements Target {
    private final Model executed;
    private final Level level;

    /** @param executed float32, as the machine has it */
    TappedTarget(Model executed, Level level) {
        this.executed = Levels.executable(executed, level);
        this.level = level;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, List<String> taps) {
        List<Value> outputs = new ArrayList<>(executed.graph().outputs());
        taps.forEach(tap -> outputs.add(new Value(tap, Optional.empty(), Optional.empty())));
        return computed(with(outputs, executed.graph().nodes()), inputs);
    }

    @Override
    public Map<String, Tensor> prefix(Map<String, Tensor> inputs, List<String> values) {
        List<Value> outputs = values.stream()
                .map(name -> new Value(name, Optional.empty(), Optional.empty()))
                .toList();
        return computed(DeadCode.remove(with(outputs, executed.graph().nodes())), inputs);
    }

    private Model with(List<Value> outputs, List<Node> nodes) {
        Graph graph = executed.graph();
        return executed.withGraph(
                new Graph(graph.name(), graph.inputs(), outputs, graph.initializers(), nodes, graph.values()));
    }

    private Map<String, Tensor> computed(Model model, Map<String, Tensor> inputs) {
        try {
            Path folder = Files.createTempDirectory("fairlead-taps");
            try {
                OnnxWriter.write(model, folder);
                Map<String, Tensor> feeds = new LinkedHashMap<>();
                inputs.forEach((name, tensor) -> feeds.put(name, Levels.fed(tensor)));
                try (OnnxRuntime runtime = OnnxRuntime.open(model, folder, OptLevel.ALL_OPT)) {
                    Map<String, Tensor> outputs = new LinkedHashMap<>();
                    runtime.run(feeds).forEach((name, tensor) -> outputs.put(name, Levels.given(tensor, level)));
                    return outputs;
                }
            } finally {
                Folders.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        // Each run has a session of its own.
    }
}
