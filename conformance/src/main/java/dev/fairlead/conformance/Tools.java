package dev.fairlead.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the outside tools are.
 *
 * @param python an interpreter with what {@code conformance/python/requirements.txt} lists
 */
public record Tools(Path python) {
    /** The folder of the {@code onnx} wheel's test data, which has {@code node}, {@code light}, {@code simple} and more in it. */
    public Path onnxData() throws IOException {
        return Path.of(output("import onnx, os; print(os.path.dirname(onnx.__file__))"))
                .resolve("backend/test/data");
    }

    /** The folder of the suites' own scripts, as seen from the repository's root or from the module. */
    public Path scripts() {
        Path fromRoot = Path.of("conformance", "python");
        return Files.isDirectory(fromRoot) ? fromRoot : Path.of("python");
    }

    private String output(String program) throws IOException {
        Process process = new ProcessBuilder(python.toString(), "-c", program)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IOException(python + " could not run: " + program);
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
