package dev.fairlead.agent.wiring;

import dev.fairlead.agent.machine.Bytes;
import dev.fairlead.agent.machine.MachineFile;
import dev.fairlead.agent.worker.Worker;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The command of the child JVM: this program's own class path, with a bounded heap. All its compilers: it computes in loops. */
public final class WorkerCommand {
    private static final Bytes LARGEST_HEAP = Bytes.parse("2GiB");
    private static final Bytes SMALLEST_HEAP = Bytes.parse("64MiB");

    private WorkerCommand() {}

    static List<String> of(Path home, Path machineFile, Bytes memoryLimit) throws IOException {
        // Tensors lie outside the heap; it holds graphs and JSON.
        long heap = Math.clamp(memoryLimit.value() / 2, SMALLEST_HEAP.value(), LARGEST_HEAP.value());
        return java(
                home.resolve("worker.arguments"),
                List.of("-Xmx" + (heap >> 20) + "m", "-D" + MachineFile.PROPERTY + "=" + machineFile),
                Worker.class.getName());
    }

    /**
     * Starts {@code main} on the class path of this JVM. The options go into {@code argumentFile}: ONNX Runtime
     * 1.29 crashes on Linux in a process whose command line is longer than 4096 bytes, as one with a class path is.
     */
    public static List<String> java(Path argumentFile, List<String> options, String main) throws IOException {
        var arguments = new ArrayList<>(List.of(
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-modules",
                "jdk.incubator.vector"));
        arguments.addAll(options);
        arguments.addAll(List.of("-cp", classPath()));
        String lines = arguments.stream()
                .map(argument -> "\"" + argument.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n")
                .collect(Collectors.joining());
        Files.writeString(argumentFile, lines);
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@" + argumentFile, main);
    }

    /** Absolute, as the child runs in another folder. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
