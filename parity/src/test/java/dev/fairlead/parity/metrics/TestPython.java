package dev.fairlead.parity.metrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The Python environment of the package's own tests, made when it is first needed. */
final class TestPython {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private TestPython() {}

    /** Runs one of our scripts. */
    static void run(String script, String argument) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(interpreter(), "src/test/python/" + script, argument)
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(script + " failed; its output says why");
        }
    }

    private static String interpreter() throws IOException, InterruptedException {
        Path requirements = ROOT.resolve("agent-mac/python");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        "sh",
                        ROOT.resolve("scripts/python_environment.sh").toString(),
                        "python-test",
                        requirements.resolve("requirements-test.txt").toString(),
                        requirements.resolve("requirements.txt").toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> environment = builder.environment();
        environment.putIfAbsent("FAIRLEAD_CACHE", System.getProperty("user.home") + "/.cache/fairlead");
        environment.putIfAbsent("FAIRLEAD_PYTHON", "python3");
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("no environment for Python; its output says why");
        }
        return text.strip();
    }
}
