package dev.fairlead.conformance.onnx;

import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxData;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A model with inputs and the outputs that it must give, in one of ONNX' own layouts: a folder with {@code model.onnx} and folders
 * {@code test_data_set_*} with {@code input_0.pb}, {@code output_0.pb} and so on; or {@code name.onnx} beside {@code
 * name_output_0.pb} and so on, whose inputs are ramps.
 *
 * @param sets each a folder of data, or the path and first part of the names of the outputs' files
 */
public record OnnxCase(String name, Path model, List<Path> sets) {
    /** All cases of a folder, by name. */
    public static List<OnnxCase> in(Path folder) throws IOException {
        List<OnnxCase> cases = new ArrayList<>();
        for (Path inner : sorted(folder)) {
            Path model = inner.resolve("model.onnx");
            if (Files.isRegularFile(model)) {
                List<Path> sets = sorted(inner).stream()
                        .filter(path -> path.getFileName().toString().startsWith("test_data_set"))
                        .toList();
                cases.add(new OnnxCase(inner.getFileName().toString(), model, sets));
            } else if (inner.getFileName().toString().endsWith(".onnx")) {
                String name = inner.getFileName().toString().replaceFirst("\\.onnx$", "");
                cases.add(new OnnxCase(name, inner, List.of(folder.resolve(name))));
            }
        }
        return cases;
    }

    private static List<Path> sorted(Path folder) throws IOException {
        try (Stream<Path> inner = Files.list(folder)) {
            return inner.sorted().toList();
        }
    }

    /** One run: what goes in and what must come out, by name. */
    public record Data(Map<String, Content> inputs, Map<String, Content> outputs) {}

    /** Reads a data set. Its tensors live as long as the arena. */
    public static Data read(Path set, Model model, Arena arena) {
        Graph graph = model.graph();
        if (!Files.isDirectory(set)) {
            Map<String, Content> inputs = new LinkedHashMap<>();
            graph.inputs().stream()
                    .filter(input -> !graph.initializers().containsKey(input.name()))
                    .forEach(input -> inputs.put(input.name(), new Content.Dense(ramp(input))));
            return new Data(
                    inputs, values(set.resolveSibling(""), set.getFileName() + "_output_", graph.outputs(), arena));
        }
        return new Data(values(set, "input_", graph.inputs(), arena), values(set, "output_", graph.outputs(), arena));
    }

    /** What ONNX' runner feeds to models without data: the numbers from 0 on, divided by their count, as float32. */
    private static Tensor ramp(Value input) {
        List<Long> shape = input.shape().orElse(List.of()).stream()
                .map(dim -> dim instanceof Dim.Fixed(long size) ? size : 1L)
                .toList();
        Tensor ramp = Tensor.allocate(DType.FLOAT32, shape);
        long count = ramp.elements();
        for (long i = 0; i < count; i++) {
            ramp.set(i, (double) i / count);
        }
        return ramp;
    }

    private static Map<String, Content> values(Path set, String prefix, List<Value> values, Arena arena) {
        Map<String, Content> contents = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            Path file = set.resolve(prefix + i + ".pb");
            if (Files.isRegularFile(file)) {
                contents.put(
                        values.get(i).name(), OnnxData.read(file, values.get(i).type(), arena));
            }
        }
        return contents;
    }
}
