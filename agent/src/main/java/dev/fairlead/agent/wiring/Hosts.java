package dev.fairlead.agent.wiring;

import dev.fairlead.agent.machine.Bytes;
import dev.fairlead.agent.machine.Host;
import dev.fairlead.agent.machine.LinuxMemory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Java and Linux say of the host. */
public final class Hosts {
    private Hosts() {}

    public static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** A Linux host; on another system the memory is 0 and the processor unknown. */
    public static Host linux() {
        return new Host(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                hostname(),
                cpu(),
                Runtime.getRuntime().availableProcessors(),
                LinuxMemory.read().total());
    }

    private static String cpu() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    /** What a job may use on the CPU: the agent's limit, or less where the machine has less. */
    public static Bytes cpuBudget(Bytes limit) {
        Bytes total = LinuxMemory.read().total();
        return total.value() > 0 && limit.exceeds(total) ? total : limit;
    }

    /** Free memory for jobs on the CPU. */
    public static Bytes cpuFree(Bytes limit) {
        Bytes available = LinuxMemory.read().available();
        return available.value() > 0 && limit.exceeds(available) ? available : limit;
    }
}
