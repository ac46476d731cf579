package dev.fairlead.parity.floor;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.safetensors.SafetensorsWriter;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code floor.safetensors} beside a side's outputs: the deviations of some or all of its cases, {@code <case>/<output>}, and as metadata
 * {@code contract/<name>/<output>}, the normalised error of another way of computing. Tensors are views of the mapped file and
 * end with it.
 */
public final class FloorFile implements AutoCloseable {
    private static final String NAME = "floor.safetensors";
    private static final String FORMAT = "fairlead-floor";

    private final Safetensors file;

    private FloorFile(Safetensors file) {
        this.file = file;
    }

    /**
     * Writes the file.
     *
     * @param floors by {@code <case>/<output>}
     */
    public static void write(
            Path folder, Map<String, Tensor> floors, Map<Contract, Map<String, Double>> contracts, long seed) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", FORMAT);
        metadata.put("version", "1");
        metadata.put("runs", Integer.toString(NoiseFloor.RUNS));
        metadata.put("seed", Long.toString(seed));
        contracts.forEach((contract, outputs) -> outputs.forEach(
                (output, error) -> metadata.put("contract/" + contract.key() + "/" + output, Double.toString(error))));
        SafetensorsWriter.write(folder.resolve(NAME), floors, metadata);
    }

    /**
     * Opens a folder's floor, where it has one.
     *
     * @throws ModelException naming the file and what is wrong
     */
    @SuppressWarnings("MustBeClosedChecker") // the returned object owns the file
    public static Optional<FloorFile> open(Path folder) {
        Path path = folder.resolve(NAME);
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        Safetensors file = Safetensors.open(path);
        if (!FORMAT.equals(file.metadata().get("format"))
                || !"1".equals(file.metadata().get("version"))) {
            file.close();
            throw new ModelException(ErrorCode.MALFORMED, NAME, "format", "is not " + FORMAT + " 1");
        }
        return Optional.of(new FloorFile(file));
    }

    /** The deviation of each element of a case's output, in float32; absent where this case was not computed. */
    public Optional<Tensor> of(String name, String output) {
        return Optional.ofNullable(file.tensors().get(name + "/" + output));
    }

    /** The normalised error of other ways of computing an output. */
    public Map<Contract, Double> contracts(String output) {
        Map<Contract, Double> errors = new EnumMap<>(Contract.class);
        file.metadata().forEach((key, value) -> {
            String[] parts = key.split("/", 3);
            if (parts.length == 3 && parts[0].equals("contract") && parts[2].equals(output)) {
                Contract.parse(parts[1]).ifPresent(contract -> errors.put(contract, number(key, value)));
            }
        });
        return errors;
    }

    private static double number(String key, String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new ModelException(ErrorCode.MALFORMED, NAME, key, "is no number, " + ModelException.shown(value));
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
