package dev.fairlead.agent.mac.python;

import dev.fairlead.agent.artifact.Folders;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A virtual environment with the pinned requirements, in a folder named after their hash: made once, and anew when
 * the requirements change.
 *
 * @param interpreter its {@code python}
 * @param packages the folder that holds the package fairlead, for PYTHONPATH
 */
public record PythonEnvironment(Path interpreter, Path packages) {
    private static final Logger LOG = LoggerFactory.getLogger(PythonEnvironment.class);
    private static final String READY = "ready";
    private static final int HASH_DIGITS = 16;
    // A file lock holds between processes only.
    private static final ReentrantLock MAKING = new ReentrantLock();

    /**
     * Where environments are kept: {@code venv} in {@code FAIRLEAD_CACHE}, else in {@code fairlead} of the user's
     * caches. All agents of a user share them, and they outlive an agent's home.
     */
    public static Path folder(Map<String, String> environment, Path userHome) {
        Path cache = set(environment, "FAIRLEAD_CACHE")
                .orElseGet(() -> set(environment, "XDG_CACHE_HOME")
                        .orElseGet(() -> userHome.resolve(".cache"))
                        .resolve("fairlead"));
        return cache.resolve("venv").toAbsolutePath();
    }

    private static Optional<Path> set(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isEmpty())
                .map(Path::of);
    }

    /**
     * Opens the environment, made where it is not whole. Agents that start at once make one between them.
     *
     * @param folder where environments are kept
     * @param python asked only when one must be made
     */
    public static PythonEnvironment open(Path folder, Path packages, Supplier<Path> python) throws IOException {
        Path requirements = packages.resolve("requirements.txt");
        if (!Files.exists(requirements)) {
            throw new AgentFailure(
                    FailureCode.NO_RUNTIME,
                    requirements + ": is missing; -Dfairlead.python names the folder of the package fairlead");
        }
        Files.createDirectories(folder);
        Path place = folder.resolve(hash(requirements));
        Path interpreter = place.resolve("bin").resolve("python");
        MAKING.lock();
        try (var channel =
                        FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            // The interpreter is a link: it dangles once the system's Python has gone.
            if (!Files.exists(place.resolve(READY)) || !Files.isExecutable(interpreter)) {
                make(place, requirements, python.get());
            }
        } finally {
            MAKING.unlock();
        }
        return new PythonEnvironment(interpreter, packages);
    }

    private static void make(Path place, Path requirements, Path python) throws IOException {
        // Made in its place, for a virtual environment holds its own path; whole only once it is marked as ready.
        LOG.atInfo().log("making a Python environment from {}; this happens once", requirements.getFileName());
        Folders.delete(place);
        run(List.of(python.toString(), "-m", "venv", place.toString()));
        run(List.of(
                place.resolve("bin").resolve("python").toString(),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "-r",
                requirements.toString()));
        Files.writeString(place.resolve(READY), "");
    }

    private static void run(List<String> command) throws IOException {
        // Its output goes to this program's standard error: an installation that fails says why there.
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Path.of("/dev/stderr").toFile())
                .start();
        process.getOutputStream().close();
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new AgentFailure(
                        FailureCode.NO_RUNTIME,
                        "python: '" + String.join(" ", command) + "' ended with status " + status);
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("stopped while making the Python environment", e);
        }
    }

    private static String hash(Path requirements) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(requirements));
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
