package dev.fairlead.model.graph;

import dev.fairlead.model.tensor.DType;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of a named value.
 *
 * @param metadata ONNX {@code metadata_props}
 */
public record Value(String name, Type type, SortedMap<String, String> metadata) {
    public Value {
        metadata = metadata.isEmpty()
                ? Collections.emptySortedMap()
                : Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    }

    public Value(String name, Type type) {
        this(name, type, new TreeMap<>());
    }

    /** A dense tensor; absent parts are not stated. */
    public Value(String name, Optional<DType> dtype, Optional<List<Dim>> shape) {
        this(name, new Type.Dense(dtype, shape));
    }

    public static Value of(String name, DType dtype, List<Dim> shape) {
        return new Value(name, Optional.of(dtype), Optional.of(shape));
    }

    /** The element type of a dense tensor; absent for all else. */
    public Optional<DType> dtype() {
        return type instanceof Type.Dense dense ? dense.dtype() : Optional.empty();
    }

    /** The shape of a dense tensor; absent for all else, and when not even the rank is known. */
    public Optional<List<Dim>> shape() {
        return type instanceof Type.Dense dense ? dense.shape() : Optional.empty();
    }

    /** The same with other metadata. */
    public Value withMetadata(Map<String, String> other) {
        return new Value(name, type, new TreeMap<>(other));
    }
}
