package dev.fairlead.conformance.coreml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Cases that a script of {@code conformance/python} writes with torch. torch is large, so it has an environment of its own, made
 * when such a suite is first run and kept below {@code target}.
 *
 * @param python that makes the environment
 * @param scripts the folder {@code conformance/python}
 * @param target the folder that the environment and the cases go to
 * @param written folder of cases that are there already, in one folder a suite; absent to write them
 */
public record TorchCases(Path python, Path scripts, Path target, Optional<Path> written) {
    private static final String REQUIREMENTS = "requirements-torch.txt";

    /** The folder of a suite's cases; {@code coreml-torch} is written by {@code coreml_torch.py}. */
    public Path folder(String suite) throws IOException {
        if (written.isPresent()) {
            return written.get().resolve(suite);
        }
        Path environment = target.resolve("python-torch");
        Path interpreter = environment.resolve("bin/python");
        Path made = environment.resolve(REQUIREMENTS);
        Path wanted = scripts.resolve(REQUIREMENTS);
        if (!Files.exists(made) || Files.mismatch(made, wanted) >= 0) {
            run(List.of(python.toString(), "-m", "venv", "--clear", environment.toString()));
            run(List.of(interpreter.toString(), "-m", "pip", "install", "--quiet", "-r", wanted.toString()));
            Files.copy(wanted, made);
        }
        Path folder = target.resolve(suite);
        Path script = scripts.resolve(suite.replace('-', '_') + ".py");
        run(List.of(interpreter.toString(), script.toString(), folder.toString()));
        return folder;
    }

    private static void run(List<String> command) throws IOException {
        Path log = Files.createTempFile("fairlead", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command + " ended with " + process.exitValue() + ", see " + log);
            }
            Files.delete(log);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
