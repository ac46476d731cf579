package dev.fairlead.agent.mac.machine;

import java.util.List;
import java.util.regex.Pattern;

/** {@code sw_vers}: {@code ProductName}, {@code ProductVersion} and {@code BuildVersion}. */
public record SwVers(String name, String version, String build) {
    static final List<String> COMMAND = List.of("sw_vers");

    public static SwVers parse(String text) {
        return new SwVers(field(text, "ProductName"), field(text, "ProductVersion"), field(text, "BuildVersion"));
    }

    /** "15.3.1 (24D70)": the build tells what the version does not. */
    public String full() {
        return build.isEmpty() ? version : version + " (" + build + ")";
    }

    private static String field(String text, String name) {
        var matcher = Pattern.compile("(?m)^" + name + ":\\s*(.*)$").matcher(text);
        return matcher.find() ? matcher.group(1).strip() : "";
    }
}
