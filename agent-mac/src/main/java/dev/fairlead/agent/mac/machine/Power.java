package dev.fairlead.agent.mac.machine;

import java.util.List;

/** {@code pmset -g batt}, whose first line names what the machine draws from. */
final class Power {
    static final List<String> COMMAND = List.of("pmset", "-g", "batt");

    private Power() {}

    /** {@code ac}, {@code battery}, or empty where neither is told. */
    static String source(String text) {
        if (text.contains("'AC Power'")) {
            return "ac";
        }
        return text.contains("'Battery Power'") || text.contains("'UPS Power'") ? "battery" : "";
    }
}
