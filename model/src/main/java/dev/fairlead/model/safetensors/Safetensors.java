package dev.fairlead.model.safetensors;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An open safetensors file. Tensors are views of the mapped file: opening reads the header only, and closing ends
 * every tensor taken from it.
 */
public final class Safetensors implements AutoCloseable {
    private final Arena arena;
    private final String fileName;
    private final SortedMap<String, Tensor> tensors;
    private final Map<String, String> metadata;

    private Safetensors(Arena arena, String fileName, SortedMap<String, Tensor> tensors, Map<String, String> metadata) {
        this.arena = arena;
        this.fileName = fileName;
        this.tensors = tensors;
        this.metadata = metadata;
    }

    /**
     * Opens and checks a file.
     *
     * @throws ModelException naming the field when the header is too long, no valid JSON, or does not describe the
     *     data byte for byte (holes, overlaps, sizes that overflow, trailing bytes)
     */
    @SuppressWarnings("MustBeClosedChecker") // the returned object owns the arena
    public static Safetensors open(Path file) {
        Arena arena = Arena.ofShared();
        try {
            return read(Segments.map(file, arena), ModelException.name(file), arena);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    static Safetensors read(MemorySegment file, String fileName, Arena arena) {
        Header header = Header.parse(file, fileName);
        MemorySegment data = file.asSlice(Header.PREFIX + header.length());
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        for (Header.Entry entry : header.entries().values()) {
            MemorySegment bytes = data.asSlice(entry.begin(), entry.end() - entry.begin());
            tensors.put(entry.name(), new Tensor(entry.dtype(), entry.shape(), bytes));
        }
        return new Safetensors(arena, fileName, Collections.unmodifiableSortedMap(tensors), header.metadata());
    }

    /** All tensors by name, in the names' order. */
    public SortedMap<String, Tensor> tensors() {
        return tensors;
    }

    /**
     * One tensor by its name.
     *
     * @throws ModelException {@link ErrorCode#MISSING} when there is none of this name
     */
    public Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new ModelException(
                    ErrorCode.MISSING, fileName, ModelException.shown(name), "the file has no such tensor");
        }
        return tensor;
    }

    /** The header's {@code __metadata__}. */
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public void close() {
        arena.close();
    }
}
