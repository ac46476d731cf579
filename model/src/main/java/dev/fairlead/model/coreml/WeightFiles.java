package dev.fairlead.model.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.protobuf.Wire;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The weight files that a program refers to, mapped. A file is a header of 64 bytes (count, version 2), then blobs: at a
 * multiple of 64, 64 bytes of metadata (sentinel, element type, size, where the data lie, unused bits of the last byte).
 */
final class WeightFiles {
    static final String PREFIX = "@model_path/";
    static final int HEADER = 64;
    static final int VERSION = 2;
    static final int SENTINEL = 0xDEADBEEF;
    static final int ALIGNMENT = 64;

    /** Where a blob's metadata say how many bits of the last byte mean nothing. */
    static final int PADDING = 24;

    private static final int MAX_FILES = 1_000;

    private final Optional<Contained> folder;
    private final Arena arena;
    private final Map<String, MemorySegment> mapped = new HashMap<>();

    /** @param folder the one that {@code @model_path} stands for; empty for a model file without weights beside it */
    WeightFiles(Optional<Contained> folder, Arena arena) {
        this.folder = folder;
        this.arena = arena;
    }

    /**
     * The data of one blob.
     *
     * @param where reports a failure at the field of the program that asks
     * @param offset where the blob's metadata begin
     */
    Tensor read(Wire where, String name, long offset, MilDataType element, List<Long> shape) {
        OptionalInt code = element.blobCode();
        Optional<DType> dtype = element.dtype();
        if (code.isEmpty() || dtype.isEmpty()) {
            throw where.error(ErrorCode.MALFORMED, "type", "no weight file holds " + element);
        }
        MemorySegment file = file(where, name);
        String shown = ModelException.shown(name);
        if (offset < HEADER || offset % ALIGNMENT != 0 || offset > file.byteSize() - HEADER) {
            throw where.error(
                    ErrorCode.MALFORMED,
                    "offset",
                    "no blob is at " + Long.toUnsignedString(offset) + " of " + shown + ", which has "
                            + file.byteSize());
        }
        if (file.get(Tensor.INT, offset) != SENTINEL) {
            throw where.error(ErrorCode.MALFORMED, "offset", "no blob begins at " + offset + " of " + shown);
        }
        int stated = file.get(Tensor.INT, offset + 4);
        if (stated != code.getAsInt()) {
            throw where.error(
                    ErrorCode.MALFORMED,
                    "type",
                    element + ", but the blob at " + offset + " of " + shown + " is of type " + stated);
        }
        long size = file.get(Tensor.LONG, offset + 8);
        long data = file.get(Tensor.LONG, offset + 16);
        long expected = bytes(where, dtype.get(), elements(where, shape));
        if (size != expected) {
            throw where.error(
                    ErrorCode.MALFORMED,
                    "type",
                    "takes " + expected + " bytes, but the blob at " + offset + " of " + shown + " has " + size);
        }
        long padding = file.get(Tensor.LONG, offset + PADDING);
        if (dtype.get().isPacked()
                && padding != size * 8 - elements(where, shape) * dtype.get().bits()) {
            throw where.error(
                    ErrorCode.MALFORMED,
                    "type",
                    "does not leave " + Long.toUnsignedString(padding) + " bits unused, as the blob at " + offset
                            + " of " + shown + " says");
        }
        if (data < 0 || data > file.byteSize() || size > file.byteSize() - data) {
            throw where.error(
                    ErrorCode.MALFORMED,
                    "offset",
                    "%d bytes from %s on, but %s has %d"
                            .formatted(size, Long.toUnsignedString(data), shown, file.byteSize()));
        }
        return new Tensor(dtype.get(), shape, file.asSlice(data, size));
    }

    private MemorySegment file(Wire where, String name) {
        MemorySegment known = mapped.get(name);
        if (known != null) {
            return known;
        }
        String shown = ModelException.shown(name);
        if (mapped.size() >= MAX_FILES) {
            throw where.error(ErrorCode.LIMIT, "fileName", "more than " + MAX_FILES + " weight files");
        }
        if (folder.isEmpty()) {
            throw where.error(ErrorCode.MISSING, "fileName", shown + " is beside no package");
        }
        if (!name.startsWith(PREFIX)) {
            throw where.error(ErrorCode.OUTSIDE_FOLDER, "fileName", shown + " does not begin with " + PREFIX);
        }
        Path path = folder.get()
                .resolve(name.substring(PREFIX.length()), (code, problem) -> where.error(code, "fileName", problem));
        MemorySegment file = Segments.map(path, arena);
        if (file.byteSize() < HEADER || file.get(Tensor.INT, 4) != VERSION) {
            throw where.error(ErrorCode.MALFORMED, "fileName", shown + " has no header of version " + VERSION);
        }
        mapped.put(name, file);
        return file;
    }

    static long elements(Wire where, List<Long> shape) {
        try {
            return Tensor.elements(shape);
        } catch (ArithmeticException e) {
            throw where.error(ErrorCode.MALFORMED, "type", shape + " has more elements than can be counted");
        }
    }

    static long bytes(Wire where, DType dtype, long elements) {
        try {
            return dtype.bytes(elements);
        } catch (ArithmeticException e) {
            throw where.error(ErrorCode.MALFORMED, "type", elements + " elements take more bytes than can be counted");
        }
    }
}
