package dev.fairlead.parity.compare;

import dev.fairlead.model.ModelException;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.floor.FloorFile;
import dev.fairlead.parity.verdict.Fingerprint;
import dev.fairlead.parity.verdict.ReportJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One side's outputs folder: {@code outputs.safetensors} with tensors named {@code <case>/<output>}, and
 * {@code fingerprint.json}. Tensors are views of the mapped file and end with it.
 */
final class Outputs implements AutoCloseable {
    private static final String TENSORS = SideFiles.TENSORS;
    private static final String FINGERPRINT = SideFiles.FINGERPRINT;
    private static final long MAX_FINGERPRINT = 1 << 20;

    private final Safetensors file;
    private final Fingerprint fingerprint;
    private final Optional<FloorFile> floor;
    private final NavigableMap<String, NavigableMap<String, Tensor>> byOutput;

    private Outputs(
            Safetensors file,
            Fingerprint fingerprint,
            Optional<FloorFile> floor,
            NavigableMap<String, NavigableMap<String, Tensor>> byOutput) {
        this.file = file;
        this.fingerprint = fingerprint;
        this.floor = floor;
        this.byOutput = byOutput;
    }

    /** @throws UnreadableOutputs naming the file and the field */
    @SuppressWarnings("MustBeClosedChecker") // the returned object owns the file
    static Outputs open(Path folder) throws UnreadableOutputs {
        Fingerprint fingerprint = fingerprint(folder.resolve(FINGERPRINT));
        Safetensors file;
        try {
            file = Safetensors.open(folder.resolve(TENSORS));
        } catch (ModelException e) {
            throw new UnreadableOutputs(String.valueOf(e.getMessage()), e);
        }
        NavigableMap<String, NavigableMap<String, Tensor>> byOutput = new TreeMap<>();
        for (Map.Entry<String, Tensor> entry : file.tensors().entrySet()) {
            String name = entry.getKey();
            int slash = name.indexOf('/');
            if (slash <= 0 || slash == name.length() - 1) {
                file.close();
                throw new UnreadableOutputs(TENSORS + ": " + ModelException.shown(name) + " is not <case>/<output>");
            }
            byOutput.computeIfAbsent(name.substring(slash + 1), output -> new TreeMap<>())
                    .put(name.substring(0, slash), entry.getValue());
        }
        try {
            return new Outputs(file, fingerprint, FloorFile.open(folder), byOutput);
        } catch (ModelException e) {
            file.close();
            throw new UnreadableOutputs(String.valueOf(e.getMessage()), e);
        }
    }

    /** Output name to case to tensor. */
    NavigableMap<String, NavigableMap<String, Tensor>> byOutput() {
        return byOutput;
    }

    /** What rounding alone does to these outputs, where it was computed. */
    Optional<FloorFile> floor() {
        return floor;
    }

    Fingerprint fingerprint() {
        return fingerprint;
    }

    @Override
    public void close() {
        file.close();
        floor.ifPresent(FloorFile::close);
    }

    private static Fingerprint fingerprint(Path path) throws UnreadableOutputs {
        try {
            if (Files.size(path) > MAX_FINGERPRINT) {
                throw new UnreadableOutputs(
                        FINGERPRINT + ": " + Files.size(path) + " bytes, more than " + MAX_FINGERPRINT);
            }
            return ReportJson.fingerprint(FINGERPRINT, Files.readString(path));
        } catch (IOException e) {
            throw new UnreadableOutputs(
                    FINGERPRINT + ": cannot be read: " + e.getClass().getSimpleName(), e);
        } catch (IllegalArgumentException e) {
            throw new UnreadableOutputs(String.valueOf(e.getMessage()), e);
        }
    }
}
