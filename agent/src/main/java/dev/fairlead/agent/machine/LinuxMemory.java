package dev.fairlead.agent.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Memory of a Linux machine, from {@code /proc/meminfo} (kB there means 1024 bytes). */
public record LinuxMemory(Bytes total, Bytes available) {

    public static LinuxMemory read() {
        try {
            return parse(Files.readAllLines(Path.of("/proc/meminfo")));
        } catch (IOException e) {
            return new LinuxMemory(Bytes.ZERO, Bytes.ZERO);
        }
    }

    /** Absent lines count as 0. */
    public static LinuxMemory parse(List<String> lines) {
        return new LinuxMemory(field(lines, "MemTotal:"), field(lines, "MemAvailable:"));
    }

    private static Bytes field(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).replace("kB", "").strip())
                .map(kib -> new Bytes(Math.multiplyExact(Long.parseLong(kib), 1024L)))
                .findFirst()
                .orElse(Bytes.ZERO);
    }
}
