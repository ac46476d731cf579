package dev.fairlead.agent.mac.machine;

import dev.fairlead.agent.machine.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code memory_pressure -Q}. */
final class MemoryPressure {
    static final List<String> COMMAND = List.of("memory_pressure", "-Q");

    private static final Pattern TOTAL = Pattern.compile("The system has ([0-9]{1,18})");
    private static final Pattern FREE = Pattern.compile("free percentage: ([0-9]{1,3})%");

    private MemoryPressure() {}

    /** Free memory; empty where the text does not tell. */
    static Optional<Bytes> free(String text) {
        var total = TOTAL.matcher(text);
        var free = FREE.matcher(text);
        if (!total.find() || !free.find()) {
            return Optional.empty();
        }
        return Optional.of(
                new Bytes(Long.parseLong(total.group(1)) / 100 * Math.min(100, Long.parseLong(free.group(1)))));
    }
}
