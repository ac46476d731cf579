package dev.fairlead.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Where the numbers were measured; without it they mean nothing. */
record Environment(String cpu, int cores, String jdk, String os, double memoryGib) {
    static Environment here() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Environment(
                cpuName(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.vendor") + " " + Runtime.version(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                system.getTotalMemorySize() / (double) (1L << 30));
    }

    String text() {
        return String.format(Locale.ROOT, "%s, %d cores, %.1f GiB%n%s%nJDK %s", cpu, cores, memoryGib, os, jdk);
    }

    private static String cpuName() {
        Path cpuInfo = Path.of("/proc/cpuinfo");
        try {
            if (Files.exists(cpuInfo)) {
                return Files.readAllLines(cpuInfo).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse("unknown CPU");
            }
            Process sysctl = new ProcessBuilder("sysctl", "-n", "machdep.cpu.brand_string").start();
            return new String(sysctl.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "unknown CPU";
        }
    }
}
