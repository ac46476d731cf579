package dev.fairlead.conformance.onnx;

import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxData;
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
 * A model with inputs and the outputs that it must give, in ONNX' own layout: {@code model.onnx} and folders {@code
 * test_data_set_*} with {@code input_0.pb}, {@code output_0.pb} and so on.
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
        return new Data(values(set, "input_", graph.inputs(), arena), values(set, "output_", graph.outputs(), arena));
    }

    private static Map<String, Content> values(Path set, String prefix, List<Value> values, Arena arena) {
        Map<String, Content> contents = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            Path file = set.resolve(prefix + i + ".pb");
            if (Files.isRegularFile(file)) {
                contents.put(values.get(i).name(), OnnxData.read(file, values.get(i).type(), arena));
            }
        }
        return contents;
    }
}
