package dev.fairlead.conformance.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.conformance.Folders;
import dev.fairlead.conformance.Tools;
import dev.fairlead.conformance.Worker;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.lower.mlx.Lowered;
import dev.fairlead.model.lower.mlx.MlxFolder;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.safetensors.SafetensorsWriter;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** MLX in a process of its own: the agent's worker, which loads model folders and runs them. */
final class Mlx implements AutoCloseable {
    private final Worker worker;
    private final Path folder;
    private long requests;

    Mlx(Tools tools) throws IOException {
        folder = Files.createTempDirectory("fairlead-replay");
        worker = new Worker(tools, "mlx_replay.py");
    }

    /** What a run gave: outputs, or MLX' own error. */
    sealed interface Answer {
        record Outputs(Map<String, Content> values) implements Answer {}

        record Problem(String text) implements Answer {}
    }

    /** Writes the graph's folder and runs it on those inputs that it takes. */
    Answer run(Lowered.Graph lowered, Map<String, Content> inputs) throws IOException {
        Path model = folder.resolve("model");
        MlxFolder.write(lowered, Map.of("fairlead", "conformance"), model);
        Map<String, Tensor> given = new LinkedHashMap<>();
        for (MlxValue input : lowered.graph().inputs()) {
            if (inputs.get(input.name()) instanceof Content.Dense(Tensor tensor)) {
                given.put(input.name(), tensor);
            }
        }
        Path in = folder.resolve("inputs.safetensors");
        Path out = folder.resolve("outputs.safetensors");
        SafetensorsWriter.write(in, given, Map.of());
        Optional<String> problem = ask(Map.of("op", "load", "model", model.toString()));
        if (problem.isEmpty()) {
            problem = ask(Map.of("op", "run", "inputs", in.toString(), "outputs", out.toString()));
        }
        return problem.isPresent() ? new Answer.Problem(problem.get()) : new Answer.Outputs(read(out));
    }

    private Optional<String> ask(Map<String, String> question) throws IOException {
        Map<String, Object> request = new LinkedHashMap<>(question);
        request.put("id", requests++);
        JsonNode answer = worker.ask(request);
        return answer.path("ok").asBoolean()
                ? Optional.empty()
                : Optional.of(answer.path("error").path("message").asText());
    }

    /** A copy in memory, for the next run replaces the file. */
    private static Map<String, Content> read(Path file) {
        Map<String, Content> values = new LinkedHashMap<>();
        try (Safetensors outputs = Safetensors.open(file)) {
            outputs.tensors().forEach((name, mapped) -> {
                Tensor copy = Tensor.allocate(mapped.dtype(), mapped.shape());
                copy.data().copyFrom(mapped.data());
                values.put(name, new Content.Dense(copy));
            });
        }
        return values;
    }

    @Override
    public void close() throws IOException {
        worker.close();
        Folders.delete(folder);
    }
}
