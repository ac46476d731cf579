package dev.fairlead.agent.mac.mlx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A Python child that answers JSON lines with JSON lines. One thread asks at a time; a cancel may overtake. The child
 * ends with its standard input, so it never outlives this process.
 */
final class MlxProcess implements AutoCloseable {
    private static final Duration END_LIMIT = Duration.ofSeconds(10);
    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final OutputStream requests;
    private final BufferedReader answers;
    private final AtomicLong ids = new AtomicLong();
    private final Object writing = new Object();
    private volatile long current;

    MlxProcess(Path python, Path packages) {
        var builder = new ProcessBuilder(python.toString(), "-u", "-m", "fairlead.worker")
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PYTHONPATH", packages.toString());
        // NumPy's small products are slower on several threads, by far where the machine is busy; MLX has threads of
        // its own.
        builder.environment().putIfAbsent("OPENBLAS_NUM_THREADS", "1");
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new AgentFailure(FailureCode.NO_RUNTIME, python + ": " + e.getMessage(), e);
        }
        requests = process.getOutputStream();
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    static ObjectNode request(String operation) {
        return JSON.createObjectNode().put("op", operation);
    }

    /**
     * Asks and waits.
     *
     * @throws AgentFailure with the child's own words, CANCELLED after {@link #cancel}
     */
    JsonNode ask(ObjectNode request) {
        long id = ids.incrementAndGet();
        current = id;
        try {
            send(request.put("id", id));
            while (true) {
                String line = answers.readLine();
                if (line == null) {
                    throw new AgentFailure(
                            FailureCode.RUNTIME_FAILED, "mlx: the Python worker ended; its last words are in the log");
                }
                JsonNode answer = JSON.readTree(line);
                // Answers to cancels come between.
                if (answer.path("id").asLong() == id) {
                    return checked(answer);
                }
            }
        } catch (IOException e) {
            throw new AgentFailure(FailureCode.RUNTIME_FAILED, "mlx: " + e.getMessage(), e);
        } finally {
            current = 0;
        }
    }

    private static JsonNode checked(JsonNode answer) {
        if (answer.path("ok").asBoolean()) {
            return answer;
        }
        JsonNode error = answer.path("error");
        FailureCode code = switch (error.path("code").asText()) {
            case "Cancelled" -> FailureCode.CANCELLED;
            case "InvalidRequest", "InvalidTensor", "UnknownTensor" -> FailureCode.BAD_TASK;
            default -> FailureCode.RUNTIME_FAILED;
        };
        throw new AgentFailure(code, error.path("message").asText("mlx: the worker failed"));
    }

    void cancel() {
        long target = current;
        if (target == 0) {
            return;
        }
        try {
            send(request("cancel").put("id", ids.incrementAndGet()).put("target", target));
        } catch (IOException e) {
            // The child has ended, and with it the run.
        }
    }

    private void send(ObjectNode request) throws IOException {
        byte[] line = (request + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (writing) {
            requests.write(line);
            requests.flush();
        }
    }

    @Override
    public void close() {
        try {
            send(request("shutdown").put("id", ids.incrementAndGet()));
            requests.close();
        } catch (IOException e) {
            // It has ended already.
        }
        try {
            if (!process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
