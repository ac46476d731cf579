package dev.fairlead.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A child process that answers each line of JSON with one. It is ended by closing. */
public final class Worker implements AutoCloseable {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Path log;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;

    /** @param script of {@code conformance/python} */
    public Worker(Tools tools, String script) throws IOException {
        Path file = Tools.scripts().resolve(script);
        log = Files.createTempFile("fairlead-worker", ".log");
        process = new ProcessBuilder(tools.python().toString(), file.toString())
                .redirectError(log.toFile())
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Asks one question and waits for its answer. */
    public JsonNode ask(Object question) throws IOException {
        String text = MAPPER.writeValueAsString(question);
        String answer;
        try {
            questions.write(text);
            questions.write('\n');
            questions.flush();
            answer = answers.readLine();
        } catch (IOException e) {
            throw ended(e);
        }
        if (answer == null) {
            throw ended(null);
        }
        return MAPPER.readTree(answer);
    }

    private IOException ended(@Nullable IOException cause) throws IOException {
        List<String> said = Files.readAllLines(log);
        return new IOException("the worker ended: " + (said.isEmpty() ? "it says nothing" : said.getLast()), cause);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        Files.delete(log);
    }
}
