package dev.fairlead.agent.mac.machine;

import dev.fairlead.agent.machine.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Values of {@code sysctl NAME…}, printed as {@code name: value}; a name that a machine lacks is absent. */
public record Sysctl(Map<String, String> values) {
    static final List<String> COMMAND = List.of(
            "sysctl",
            "-i",
            "hw.memsize",
            "machdep.cpu.brand_string",
            "hw.model",
            "hw.ncpu",
            "hw.perflevel0.physicalcpu",
            "hw.perflevel1.physicalcpu",
            "iogpu.wired_limit_mb");

    public Sysctl {
        values = Map.copyOf(values);
    }

    public static Sysctl parse(String text) {
        Map<String, String> values = new TreeMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                values.put(line.substring(0, colon), line.substring(colon + 2).strip());
            }
        });
        return new Sysctl(values);
    }

    public Bytes memory() {
        return new Bytes(number("hw.memsize").orElse(0L));
    }

    /** "Apple M3 Max". */
    public String chip() {
        return values.getOrDefault("machdep.cpu.brand_string", "");
    }

    public int cores() {
        return Math.toIntExact(number("hw.ncpu").filter(count -> count > 0).orElse(1L));
    }

    /** The limit that an administrator set; empty where it is 0, the system's default. */
    public Optional<Bytes> wiredLimit() {
        return number("iogpu.wired_limit_mb")
                .filter(mebibytes -> mebibytes > 0)
                .map(mebibytes -> new Bytes(Math.multiplyExact(mebibytes, 1L << 20)));
    }

    private Optional<Long> number(String name) {
        return Optional.ofNullable(values.get(name))
                .filter(value -> value.matches("[0-9]{1,18}"))
                .map(Long::parseLong);
    }
}
