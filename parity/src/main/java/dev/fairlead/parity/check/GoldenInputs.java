package dev.fairlead.parity.check;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A suite's inputs by case: {@code golden.safetensors} with tensors named {@code <case>/<input>}. They end with it. */
public final class GoldenInputs implements AutoCloseable {
    private static final String FILE = "golden.safetensors";

    private final Safetensors file;
    private final NavigableMap<String, Map<String, Tensor>> cases = new TreeMap<>();

    private GoldenInputs(Safetensors file) {
        this.file = file;
        file.tensors().forEach((name, tensor) -> {
            int slash = name.indexOf('/');
            if (slash <= 0 || slash == name.length() - 1) {
                throw new ModelException(
                        ErrorCode.MALFORMED, FILE, ModelException.shown(name), "is not <case>/<input>");
            }
            cases.computeIfAbsent(name.substring(0, slash), _ -> new LinkedHashMap<>())
                    .put(name.substring(slash + 1), tensor);
        });
    }

    /**
     * Opens a suite's folder.
     *
     * @throws ModelException naming the file and the field
     */
    @SuppressWarnings("MustBeClosedChecker") // the returned object owns the file
    public static GoldenInputs open(Path suite) {
        Safetensors file = Safetensors.open(suite.resolve(FILE));
        try {
            return new GoldenInputs(file);
        } catch (ModelException e) {
            file.close();
            throw e;
        }
    }

    /** Tensors by input, by case. */
    public NavigableMap<String, Map<String, Tensor>> cases() {
        return cases;
    }

    @Override
    public void close() {
        file.close();
    }
}
