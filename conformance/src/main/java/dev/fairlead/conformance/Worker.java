package dev.fairlead.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A child process that answers each line of JSON with one. It is ended by closing. */
public final class Worker implements AutoCloseable {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;

    /** @param script of {@code conformance/python} */
    public Worker(Tools tools, String script) throws IOException {
        Path file = tools.scripts().resolve(script);
        process = new ProcessBuilder(tools.python().toString(), file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Asks one question and waits for its answer. */
    public JsonNode ask(Object question) throws IOException {
        questions.write(MAPPER.writeValueAsString(question));
        questions.write('\n');
        questions.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the worker ended");
        }
        return MAPPER.readTree(answer);
    }

    @Override
    public void close() throws IOException {
        questions.close();
        process.destroy();
    }
}
