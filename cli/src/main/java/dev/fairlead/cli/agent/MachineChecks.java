package dev.fairlead.cli.agent;

import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.Home;
import dev.fairlead.cli.terminal.Units;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Looks at the local machine: programs, devices, ports, disk. */
final class MachineChecks {
    private static final long DISK = 5L << 30;

    private final Context context;

    MachineChecks(Context context) {
        this.context = context;
    }

    /** What a check came to. */
    enum Result {
        OK,
        /** Absent, and needed only for some work. */
        ABSENT,
        /** Absent and needed. */
        MISSING;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    record Check(String name, Result result, String found) {}

    List<Check> run() {
        var checks = new ArrayList<Check>();
        checks.add(new Check("java", Result.OK, Runtime.version() + " in " + System.getProperty("java.home")));
        var python = context.environment().getOrDefault("FAIRLEAD_PYTHON", "python3");
        checks.add(output(python, "--version")
                .map(version -> new Check("python", Result.OK, version))
                .orElse(new Check("python", Result.MISSING, "no " + python + " on PATH")));
        checks.add(mlx(python));
        checks.add(output("nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader")
                .map(gpu -> new Check("nvidia driver", Result.OK, gpu))
                .orElse(new Check("nvidia driver", Result.ABSENT, "no nvidia-smi: the CUDA agent runs as a stand-in")));
        checks.add(port("port 9000 (gRPC)", 9000));
        checks.add(port("port 8080 (HTTP)", 8080));
        checks.add(disk());
        return checks;
    }

    private Check mlx(String fallback) {
        var home = Home.of(context.environment()).folder();
        var python = interpreter(home).map(Path::toString).orElse(fallback);
        return output(python, "-c", "import importlib.metadata as m, mlx.core; print('mlx', m.version('mlx'))")
                .map(version -> new Check("mlx", Result.OK, version + " in " + python))
                .orElse(new Check(
                        "mlx", Result.ABSENT, "not importable yet; the Mac agent installs it at its first start"));
    }

    /** The interpreter of the environment that a local Mac agent made. */
    private static Optional<Path> interpreter(Path home) {
        if (!Files.isDirectory(home)) {
            return Optional.empty();
        }
        try (var files = Files.find(home, 6, (path, attributes) -> path.endsWith("bin/python"))) {
            return files.findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Check port(String name, int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return new Check(
                    name, Result.OK, "free on " + socket.getInetAddress().getHostAddress());
        } catch (IOException e) {
            return new Check(name, Result.ABSENT, "taken: a control plane may run, else give --port to fairlead up");
        }
    }

    private Check disk() {
        var folder = Home.of(context.environment()).folder().toAbsolutePath();
        while (!Files.exists(folder) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        try {
            var free = Files.getFileStore(folder).getUsableSpace();
            var found = Units.bytes(free) + " free at " + folder;
            return new Check("disk", free < DISK ? Result.MISSING : Result.OK, found);
        } catch (IOException e) {
            return new Check("disk", Result.MISSING, folder + ": " + e.getMessage());
        }
    }

    /** What a program prints, in one line; empty where it is absent, fails or takes over ten seconds. */
    private static Optional<String> output(String... command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var text = new String(process.getInputStream().readNBytes(10_000), StandardCharsets.UTF_8);
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            return process.exitValue() == 0
                    ? Optional.of(String.join("; ", text.strip().split("\n")))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
