package dev.fairlead.parity.certificate;

import dev.fairlead.parity.verdict.Fingerprint;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one side ran on. A field that is not known is empty.
 *
 * @param device the chip or card
 * @param precisionSettings by name, such as {@code tf32}
 * @param standIn whether it ran on something else than the hardware it is named after
 */
public record Side(
        String device,
        String os,
        String driver,
        String runtime,
        String runtimeVersion,
        String provider,
        Map<String, String> precisionSettings,
        boolean standIn) {
    public Side {
        precisionSettings = Collections.unmodifiableMap(new TreeMap<>(precisionSettings));
    }

    public static Side of(Fingerprint print) {
        return new Side(
                print.device(),
                print.os(),
                print.driver(),
                print.runtime(),
                print.runtimeVersion(),
                print.provider(),
                print.precisionSettings(),
                print.standIn());
    }

    void putAll(String name, Map<String, String> values) {
        values.put(name + ".device", device);
        values.put(name + ".os", os);
        values.put(name + ".driver", driver);
        values.put(name + ".runtime", runtime);
        values.put(name + ".runtime_version", runtimeVersion);
        values.put(name + ".provider", provider);
        precisionSettings.forEach((setting, value) -> values.put(name + ".precision_settings." + setting, value));
        values.put(name + ".stand_in", Boolean.toString(standIn));
    }

    /** For a line of text. */
    String summary() {
        String where = device.isEmpty() ? "unknown device" : device;
        String what = (runtime + " " + runtimeVersion).trim();
        return where + ", " + (what.isEmpty() ? "unknown runtime" : what) + (standIn ? ", stand-in" : "");
    }
}
