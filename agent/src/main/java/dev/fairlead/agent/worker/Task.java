package dev.fairlead.agent.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** task.json of docs/jobs.md, as the worker needs it. */
record Task(
        Path folder,
        String kind,
        Map<String, String> settings,
        Map<String, Path> inputs,
        Map<String, String> digests,
        Map<String, Path> outputs,
        String device,
        String agent) {

    static Task read(Path file) {
        JsonNode task;
        try {
            task = new JsonMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new AgentFailure(FailureCode.BAD_TASK, "task.json: " + e.getMessage(), e);
        }
        Map<String, Path> inputs = new TreeMap<>();
        texts(task, "inputs").forEach((name, path) -> inputs.put(name, Path.of(path)));
        Map<String, Path> outputs = new TreeMap<>();
        texts(task, "outputs").forEach((name, path) -> outputs.put(name, Path.of(path)));
        return new Task(
                file.toAbsolutePath().resolveSibling(".").normalize(),
                task.path("kind").asText(),
                texts(task, "settings"),
                inputs,
                texts(task, "input_digests"),
                outputs,
                task.path("device").asText(),
                task.path("agent").asText());
    }

    private static Map<String, String> texts(JsonNode task, String field) {
        Map<String, String> texts = new TreeMap<>();
        task.path(field)
                .properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    Path input(String name) {
        Path path = inputs.get(name);
        if (path == null) {
            throw new AgentFailure(FailureCode.BAD_TASK, "inputs: a job of this kind needs one named " + name);
        }
        return path;
    }

    Path output(String name) {
        Path path = outputs.get(name);
        if (path == null) {
            throw new AgentFailure(FailureCode.BAD_TASK, "outputs: a job of this kind needs one named " + name);
        }
        return path;
    }
}
