package dev.fairlead.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python packages that we are held against, in an environment that is made when it is first needed. */
public final class Tools {
    private final String name;
    private final String requirements;
    private @Nullable Path python;

    private Tools(String name, String requirements) {
        this.name = name;
        this.requirements = requirements;
    }

    /** What most suites need. */
    public static Tools common() {
        return new Tools("conformance", "requirements.txt");
    }

    /** Torch, and the converters to Core ML: large, so apart from the others. */
    public static Tools torch() {
        return new Tools("torch", "requirements-torch.txt");
    }

    /** The interpreter that has them. */
    public synchronized Path python() throws IOException {
        if (python == null) {
            String make = root().resolve("scripts/python_environment.sh").toString();
            python = Path.of(output(
                    List.of("sh", make, name, scripts().resolve(requirements).toString())));
        }
        return python;
    }

    /** The folder of the {@code onnx} wheel's test data, which has {@code node}, {@code light}, {@code simple} and more in it. */
    public Path onnxData() throws IOException {
        String program = "import onnx, os; print(os.path.dirname(onnx.__file__))";
        return Path.of(output(List.of(python().toString(), "-c", program))).resolve("backend/test/data");
    }

    /**
     * Runs one of our scripts.
     *
     * @param script its name in {@code conformance/python}, without the ending
     */
    public void script(String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(python().toString(), scripts().resolve(script + ".py").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment()
                .put(
                        "PYTHONPATH",
                        root().resolve("agent-mac/python").toAbsolutePath().toString());
        try {
            if (builder.start().waitFor() != 0) {
                throw new IOException(script + ".py failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }

    /** The checkout. */
    public static Path root() {
        return Path.of(System.getProperty("fairlead.root", ""));
    }

    static Path scripts() {
        return root().resolve("conformance/python");
    }

    private static String output(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IOException(command + " failed");
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
