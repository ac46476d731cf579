package dev.fairlead.parity.compare;

import dev.fairlead.parity.verdict.Fingerprint;
import dev.fairlead.parity.verdict.ReportJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of one side's outputs folder. */
public final class SideFiles {
    /** Tensors named {@code <case>/<output>}. */
    public static final String TENSORS = "outputs.safetensors";

    static final String FINGERPRINT = "fingerprint.json";

    private SideFiles() {}

    /** Writes what the outputs were computed on. */
    public static void write(Path folder, Fingerprint fingerprint) throws IOException {
        Files.writeString(folder.resolve(FINGERPRINT), ReportJson.write(fingerprint));
    }
}
