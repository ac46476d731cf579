package dev.fairlead.agent.mac.mlx;

import dev.fairlead.agent.mac.machine.Commands;
import dev.fairlead.agent.mac.python.PackageFolder;
import dev.fairlead.agent.mac.python.PythonEnvironment;
import dev.fairlead.agent.mac.python.PythonFinder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The Python environment that the agent itself makes and uses. */
record TestPython(PythonEnvironment environment) {
    static TestPython open() throws IOException {
        return new TestPython(PythonEnvironment.open(
                PythonEnvironment.folder(System.getenv(), Path.of(System.getProperty("user.home"))),
                PackageFolder.find(),
                () -> PythonFinder.find(System.getenv(), Commands.system())));
    }

    MlxRuntime runtime() {
        return new MlxRuntime(environment.interpreter(), environment.packages());
    }

    Path golden(String name) {
        return environment.packages().resolve("tests").resolve("golden").resolve(name);
    }

    /** Runs a script with the package fairlead at hand. */
    void run(String script) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(environment.interpreter().toString(), "-c", script).inheritIO();
        builder.environment().put("PYTHONPATH", environment.packages().toString());
        var process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("the script failed; its output says why");
        }
    }
}
