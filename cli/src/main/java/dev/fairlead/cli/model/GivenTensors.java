package dev.fairlead.cli.model;

import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tensors that {@code --specialise INPUT=@FILE} names, each under its input's name in its file; closing ends them. */
final class GivenTensors implements AutoCloseable {
    private final List<Safetensors> files = new ArrayList<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    /** @throws dev.fairlead.model.ModelException naming a file that is broken or lacks its tensor */
    @SuppressWarnings("MustBeClosedChecker") // closed by close()
    GivenTensors(Map<String, String> specialised) {
        try {
            specialised.forEach((input, text) -> {
                if (isFile(text)) {
                    Safetensors file = Safetensors.open(Path.of(text.substring(1)));
                    files.add(file);
                    tensors.put(input, file.tensor(input));
                }
            });
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    static boolean isFile(String text) {
        return text.startsWith("@");
    }

    Map<String, Tensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        files.forEach(Safetensors::close);
    }
}
