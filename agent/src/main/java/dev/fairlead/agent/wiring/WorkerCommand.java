package dev.fairlead.agent.wiring;

import dev.fairlead.agent.machine.Bytes;
import dev.fairlead.agent.machine.MachineFile;
import dev.fairlead.agent.worker.Worker;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The command of the child JVM: this program's own class path, with a bounded heap. */
public final class WorkerCommand {
    private static final Bytes LARGEST_HEAP = Bytes.parse("2GiB");
    private static final Bytes SMALLEST_HEAP = Bytes.parse("64MiB");

    private WorkerCommand() {}

    static List<String> of(Path machineFile, Bytes memoryLimit) {
        // Tensors lie outside the heap; it holds graphs and JSON.
        long heap = Math.clamp(memoryLimit.value() / 2, SMALLEST_HEAP.value(), LARGEST_HEAP.value());
        return java(
                List.of("-Xmx" + (heap >> 20) + "m", "-D" + MachineFile.PROPERTY + "=" + machineFile),
                Worker.class.getName());
    }

    /** Starts {@code main} on the class path of this JVM. */
    public static List<String> java(List<String> options, String main) {
        var command = new java.util.ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-modules",
                "jdk.incubator.vector"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main));
        return command;
    }

    /** Absolute, as the child runs in another folder. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
