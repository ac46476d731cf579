package dev.fairlead.parity.verdict;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a side ran on: everything that can change a number. A field that is not known is empty. */
public record Fingerprint(
        String modelDigest,
        String agent,
        String os,
        String device,
        String driver,
        String runtime,
        String runtimeVersion,
        String provider,
        String precision,
        Map<String, String> precisionSettings,
        boolean standIn) {
    public Fingerprint {
        modelDigest = orEmpty(modelDigest);
        agent = orEmpty(agent);
        os = orEmpty(os);
        device = orEmpty(device);
        driver = orEmpty(driver);
        runtime = orEmpty(runtime);
        runtimeVersion = orEmpty(runtimeVersion);
        provider = orEmpty(provider);
        precision = orEmpty(precision);
        precisionSettings = sorted(precisionSettings);
    }

    /** The device and the runtime, for a line of text. */
    public String summary() {
        String where = device.isEmpty() ? "unknown device" : device;
        String what = (runtime + " " + runtimeVersion).trim();
        return where + ", " + (what.isEmpty() ? "unknown runtime" : what) + (standIn ? ", stand-in" : "");
    }

    private static Map<String, String> sorted(@Nullable Map<String, String> settings) {
        return settings == null ? Map.of() : java.util.Collections.unmodifiableMap(new TreeMap<>(settings));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
