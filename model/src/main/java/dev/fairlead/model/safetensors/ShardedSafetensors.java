package dev.fairlead.model.safetensors;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.json.Json;
import dev.fairlead.model.tensor.Contained;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Several safetensors files that hold one model, and the index that says which tensor lies in which. Index and files must agree on every
 * tensor.
 */
public final class ShardedSafetensors implements AutoCloseable {
    private static final int MAX_FILES = 10_000;

    private final List<Safetensors> files;
    private final SortedMap<String, Tensor> tensors;

    private ShardedSafetensors(List<Safetensors> files, SortedMap<String, Tensor> tensors) {
        this.files = List.copyOf(files);
        this.tensors = Collections.unmodifiableSortedMap(tensors);
    }

    /**
     * Opens all files of an index, such as {@code model.safetensors.index.json}.
     *
     * @throws ModelException when the index is no valid one, names a file outside its folder, or a file holds other tensors than it says
     */
    @SuppressWarnings("MustBeClosedChecker") // the returned object owns the files
    public static ShardedSafetensors open(Path index) {
        String name = ModelException.name(index);
        Map<String, Set<String>> wanted = new LinkedHashMap<>();
        Json map = Json.read(index).field("weight_map");
        for (String tensor : map.names()) {
            String file = map.field(tensor).text();
            wanted.computeIfAbsent(file, f -> new LinkedHashSet<>()).add(tensor);
            if (wanted.size() > MAX_FILES) {
                throw new ModelException(ErrorCode.LIMIT, name, "weight_map", "more than " + MAX_FILES + " files");
            }
        }
        Path absolute = index.toAbsolutePath();
        Path folder = absolute.getParent() == null ? absolute : absolute.getParent();
        List<Safetensors> files = new ArrayList<>();
        try {
            SortedMap<String, Tensor> tensors = new TreeMap<>();
            wanted.forEach((file, names) -> {
                Safetensors opened = Safetensors.open(Contained.file(folder, file, name, "weight_map"));
                files.add(opened);
                opened.tensors().keySet().stream()
                        .filter(tensor -> !names.contains(tensor))
                        .findFirst()
                        .ifPresent(extra -> {
                            throw new ModelException(
                                    ErrorCode.MALFORMED,
                                    file,
                                    ModelException.shown(extra),
                                    name + " does not say that it is here");
                        });
                names.forEach(tensor -> tensors.put(tensor, opened.tensor(tensor)));
            });
            return new ShardedSafetensors(files, tensors);
        } catch (RuntimeException e) {
            files.forEach(Safetensors::close);
            throw e;
        }
    }

    /** All tensors by name, in the names' order. */
    public SortedMap<String, Tensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        files.forEach(Safetensors::close);
    }
}
