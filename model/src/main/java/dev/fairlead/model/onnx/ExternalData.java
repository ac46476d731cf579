package dev.fairlead.model.onnx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.protobuf.Wire;
import dev.fairlead.model.tensor.Contained;
import dev.fairlead.model.tensor.Segments;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The files beside a model that hold its large tensors. None may lie outside the model's folder, by any way. */
final class ExternalData {
    private static final int MAX_FILES = 10_000;
    private static final String LOCATION = "external_data.location";
    private static final String IN_MEMORY = "_ORT_MEM_ADDR_";

    private final Path folder;
    private final Arena arena;
    private final Map<String, MemorySegment> mapped = new HashMap<>();

    ExternalData(Path folder, Arena arena) {
        this.folder = folder;
        this.arena = arena;
    }

    /**
     * A part of a file.
     *
     * @param where reports a failure at the tensor's field
     * @param length bytes that the tensor's type and shape take
     */
    MemorySegment slice(Wire where, Map<String, String> place, long length) {
        String location = place.getOrDefault("location", "");
        MemorySegment file = mapped.get(location);
        if (file == null) {
            if (mapped.size() >= MAX_FILES) {
                throw where.error(ErrorCode.LIMIT, LOCATION, "more than " + MAX_FILES + " external files");
            }
            file = Segments.map(resolve(where, location), arena);
            mapped.put(location, file);
        }
        long offset = number(where, place, "offset", 0);
        long stated = number(where, place, "length", length);
        if (stated != length) {
            throw where.error(
                    ErrorCode.MALFORMED,
                    "external_data.length",
                    stated + " bytes, but the tensor's type and shape take " + length);
        }
        if (offset > file.byteSize() || length > file.byteSize() - offset) {
            throw where.error(
                    ErrorCode.MALFORMED,
                    "external_data.offset",
                    "%d bytes from %d on, but %s has %d"
                            .formatted(length, offset, ModelException.shown(location), file.byteSize()));
        }
        return file.asSlice(offset, length);
    }

    private Path resolve(Wire where, String location) {
        // ONNX Runtime reads such a location as an address in its own memory.
        if (location.contains(IN_MEMORY)) {
            throw where.error(
                    ErrorCode.OUTSIDE_FOLDER,
                    LOCATION,
                    ModelException.shown(location) + " stands for memory, not for a file");
        }
        return Contained.file(folder, location, where.file(), where.at(LOCATION));
    }

    private static long number(Wire where, Map<String, String> place, String key, long otherwise) {
        String text = place.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, as a negative number is.
        }
        throw where.error(
                ErrorCode.MALFORMED,
                "external_data." + key,
                ModelException.shown(text) + " is no count of bytes that fits 63 bits");
    }
}
