package dev.fairlead.agent.attempt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.agent.artifact.Folders;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.failure.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The files by which an attempt's process and its agent speak, as docs/jobs.md names them. */
final class TaskFiles {
    static final int LARGEST_RESULT = 64 << 10;

    private static final int LOG_TAIL = 2048;
    private static final int LONGEST_LINE = 200;
    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;

    TaskFiles(Path folder) {
        this.folder = folder;
    }

    Path task() {
        return folder.resolve("task.json");
    }

    Path log() {
        return folder.resolve("log");
    }

    Path input(String name) {
        return folder.resolve("inputs").resolve(name);
    }

    Path output(String name) {
        return folder.resolve("outputs").resolve(name);
    }

    /** The folder of the input {@code source}, or the attempt's own. */
    Path workdir(Assignment assignment) {
        return assignment.inputs().containsKey("source") ? input("source") : folder;
    }

    void write(Assignment assignment, String agent) throws IOException {
        ObjectNode task = JSON.createObjectNode()
                .put("kind", assignment.work().kind().name().toLowerCase(Locale.ROOT))
                .put("job_id", assignment.key().jobId())
                .put("attempt", assignment.number());
        ObjectNode settings = task.putObject("settings");
        assignment.work().settings().forEach(settings::put);
        ObjectNode inputs = task.putObject("inputs");
        assignment
                .inputs()
                .keySet()
                .forEach(name -> inputs.put(name, input(name).toString()));
        ObjectNode digests = task.putObject("input_digests");
        assignment.inputs().forEach((name, digest) -> digests.put(name, digest.toString()));
        ObjectNode outputs = task.putObject("outputs");
        for (String name : assignment.outputs()) {
            Files.createDirectories(output(name));
            outputs.put(name, output(name).toString());
        }
        task.put("device", assignment.device()).put("agent", agent).put("accelerator", accelerator(assignment));
        Folders.writeWhole(task(), task.toPrettyString());
    }

    Map<String, String> environment(Assignment assignment, Programs programs, String traceparent) {
        Map<String, String> environment = new LinkedHashMap<>(System.getenv());
        // The agent's own settings hold its join token.
        environment.keySet().removeIf(name -> name.startsWith("FAIRLEAD_"));
        environment.putAll(programs.environment());
        environment.putAll(assignment.work().environment());
        environment.put("FAIRLEAD_TASK", task().toString());
        environment.put("FAIRLEAD_RESULT", folder.resolve("result.json").toString());
        environment.put("FAIRLEAD_PROGRESS", folder.resolve("progress.json").toString());
        environment.put("FAIRLEAD_DEVICE", assignment.device());
        assignment
                .inputs()
                .keySet()
                .forEach(name ->
                        environment.put(variable("INPUT", name), input(name).toString()));
        assignment
                .outputs()
                .forEach(name ->
                        environment.put(variable("OUTPUT", name), output(name).toString()));
        if (!traceparent.isEmpty()) {
            environment.put("TRACEPARENT", traceparent);
        }
        return environment;
    }

    private static String variable(String kind, String name) {
        return "FAIRLEAD_" + kind + "_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static String accelerator(Assignment assignment) {
        int colon = assignment.device().indexOf(':');
        return colon < 0 ? assignment.device() : assignment.device().substring(0, colon);
    }

    /** The object in result.json; empty where the process left none. */
    String result() throws IOException {
        Optional<JsonNode> result = object("result.json");
        return result.isPresent() ? result.get().toString() : "";
    }

    /** What the process says of its failure; empty where it says nothing that can be read. */
    Optional<Reason> failure() {
        try {
            return object("failure.json")
                    .map(node -> new Reason(
                            node.path("code").asText(FailureCode.PROCESS_FAILED.code()),
                            node.path("sentence").asText("")));
        } catch (IOException | AgentFailure | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Progress as the process last wrote it; empty where it cannot be read, perhaps just now. */
    Optional<AttemptUpdate> progress() {
        try {
            return object("progress.json").map(node -> {
                double fraction = node.path("fraction").asDouble(AttemptUpdate.NO_PROGRESS);
                return AttemptUpdate.running(
                        fraction >= 0 && fraction <= 1 ? (float) fraction : AttemptUpdate.NO_PROGRESS,
                        node.path("message").asText(""));
            });
        } catch (IOException | AgentFailure e) {
            return Optional.empty();
        }
    }

    private Optional<JsonNode> object(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        long size = Files.size(file);
        if (size > LARGEST_RESULT) {
            throw new AgentFailure(FailureCode.BAD_OUTPUT, name + ": " + size + " bytes; at most " + LARGEST_RESULT);
        }
        JsonNode node;
        try {
            node = JSON.readTree(file.toFile());
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AgentFailure(FailureCode.BAD_OUTPUT, name + ": is not JSON", e);
        }
        if (node == null || !node.isObject()) {
            throw new AgentFailure(FailureCode.BAD_OUTPUT, name + ": want a JSON object");
        }
        return Optional.of(node);
    }

    /** The last line of the log that says something, for the sentence of a failure. */
    String lastLine() {
        try (var log = new RandomAccessFile(log().toFile(), "r")) {
            log.seek(Math.max(0, log.length() - LOG_TAIL));
            byte[] tail = new byte[(int) (log.length() - log.getFilePointer())];
            log.readFully(tail);
            return new String(tail, StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .reduce((first, second) -> second)
                    .map(line -> line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line)
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
