package dev.fairlead.agent.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An open suite: the inputs of each case, in order, and its labels where it has some. */
final class Suite implements AutoCloseable {
    private static final int MOST_CASES = 1_000_000;
    private static final int DIGITS = 6;

    private final Safetensors inputs;
    private final Optional<Safetensors> labels;
    private final List<Map<String, Tensor>> cases;

    private Suite(Safetensors inputs, Optional<Safetensors> labels, List<Map<String, Tensor>> cases) {
        this.inputs = inputs;
        this.labels = labels;
        this.cases = cases;
    }

    static Suite open(Path folder) {
        int count = count(folder);
        var inputs = Safetensors.open(folder.resolve("golden.safetensors"));
        Path labels = folder.resolve("labels.safetensors");
        Optional<Safetensors> opened = Files.isRegularFile(labels, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(Safetensors.open(labels))
                : Optional.empty();
        var cases = byCase(inputs);
        List<Map<String, Tensor>> ordered = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, Tensor> one = cases.get(name(i));
            if (one == null) {
                throw new AgentFailure(FailureCode.BAD_TASK, "golden.safetensors: case " + name(i) + " is missing");
            }
            ordered.add(one);
        }
        return new Suite(inputs, opened, ordered);
    }

    private static int count(Path folder) {
        try {
            JsonNode suite =
                    new JsonMapper().readTree(folder.resolve("suite.json").toFile());
            int count = suite.path("cases").asInt(-1);
            if (!suite.path("format").asText().equals("fairlead-suite") || count < 1 || count > MOST_CASES) {
                throw new AgentFailure(
                        FailureCode.BAD_TASK, "suite.json: cases: want 1 to " + MOST_CASES + ", got " + count);
            }
            return count;
        } catch (IOException e) {
            throw new AgentFailure(FailureCode.BAD_TASK, "suite.json: " + e.getMessage(), e);
        }
    }

    private static Map<String, Map<String, Tensor>> byCase(Safetensors file) {
        Map<String, Map<String, Tensor>> cases = new TreeMap<>();
        file.tensors().forEach((name, tensor) -> {
            int slash = name.indexOf('/');
            if (slash == DIGITS) {
                cases.computeIfAbsent(name.substring(0, slash), key -> new LinkedHashMap<>())
                        .put(name.substring(slash + 1), tensor);
            }
        });
        return cases;
    }

    static String name(int index) {
        return String.format(java.util.Locale.ROOT, "%06d", index);
    }

    int size() {
        return cases.size();
    }

    Map<String, Tensor> inputs(int index) {
        return cases.get(index);
    }

    /** The first label of each case by its name; empty where the suite carries none. */
    Map<String, Tensor> labels() {
        Map<String, Tensor> first = new TreeMap<>();
        labels.ifPresent(file -> byCase(file)
                .forEach((name, tensors) ->
                        first.put(name, tensors.values().iterator().next())));
        return first;
    }

    @Override
    public void close() {
        inputs.close();
        labels.ifPresent(Safetensors::close);
    }
}
