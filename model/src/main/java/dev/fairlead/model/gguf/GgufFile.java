package dev.fairlead.model.gguf;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.Pickle;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An open GGUF file of version 2 or 3, little-endian. Tensors are views of the mapped file until they are decoded.
 *
 * @param tensors by name, in the file's order
 * @param metadata by key, in the file's order
 * @param arena owner of the mapping
 */
public record GgufFile(
        String name, int version, Map<String, GgufTensor> tensors, Map<String, GgufValue> metadata, Arena arena)
        implements AutoCloseable {
    private static final int MAGIC = 0x46554747;
    private static final long MAX_TENSORS = 100_000;

    /** A name's length, a rank, a type and an offset. */
    private static final long LEAST_INFO = 24;

    /** A key's length, a type and one byte. */
    private static final long LEAST_PAIR = 13;

    private static final String ALIGNMENT = "general.alignment";
    private static final long DEFAULT_ALIGNMENT = 32;
    private static final long MAX_ALIGNMENT = 1 << 16;

    public GgufFile {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /**
     * Opens and checks a file.
     *
     * @throws ModelException naming the field: counts, lengths and sizes beyond the file, names that are there twice, tensors that do not
     *     lie one after the other, types that this reader does not decode
     */
    @SuppressWarnings("MustBeClosedChecker") // the returned object owns the arena
    public static GgufFile open(Path file) {
        Arena arena = Arena.ofShared();
        try {
            return read(Segments.map(file, arena), ModelException.name(file), arena);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    static GgufFile read(MemorySegment file, String name, Arena arena) {
        Pickle.refuse(file, name);
        Cursor in = new Cursor(file, name);
        if (in.intOf("magic") != MAGIC) {
            throw in.error(ErrorCode.MALFORMED, "magic", "is not GGUF");
        }
        int version = in.intOf("version");
        if (version != 2 && version != 3) {
            throw in.error(
                    ErrorCode.UNSUPPORTED,
                    "version",
                    Integer.toUnsignedString(version) + ", this reader knows 2 and 3");
        }
        long count = in.count("tensor_count", LEAST_INFO, MAX_TENSORS);
        long pairs = in.count("metadata_kv_count", LEAST_PAIR, MetadataReader.limit());
        Map<String, GgufValue> metadata = new MetadataReader(in).read(pairs);
        long alignment = alignment(in, metadata);
        Map<String, TensorInfoReader.Described> infos = new LinkedHashMap<>();
        TensorInfoReader reader = new TensorInfoReader(in);
        for (long i = 0; i < count; i++) {
            TensorInfoReader.Described info = reader.read(i);
            if (infos.put(info.name(), info) != null) {
                throw in.error(ErrorCode.MALFORMED, ModelException.shown(info.name()), "is there twice");
            }
        }
        return new GgufFile(name, version, placed(in, file, infos, alignment), metadata, arena);
    }

    private static long alignment(Cursor in, Map<String, GgufValue> metadata) {
        Optional<GgufValue> value = Optional.ofNullable(metadata.get(ALIGNMENT));
        if (value.isEmpty()) {
            return DEFAULT_ALIGNMENT;
        }
        if (value.get() instanceof GgufValue.Whole(ValueType type, long bytes)
                && type == ValueType.UINT32
                && Long.bitCount(bytes) == 1
                && bytes <= MAX_ALIGNMENT) {
            return bytes;
        }
        throw in.error(
                ErrorCode.MALFORMED, ALIGNMENT, "must be a power of two up to " + MAX_ALIGNMENT + " of type uint32");
    }

    /** Tensors lie in the order of their descriptions, each padded, without holes or overlaps, up to the file's end. */
    private static Map<String, GgufTensor> placed(
            Cursor in, MemorySegment file, Map<String, TensorInfoReader.Described> infos, long alignment) {
        long start = padded(in.position(), alignment);
        long size = file.byteSize();
        long at = 0;
        long end = 0;
        Map<String, GgufTensor> tensors = new LinkedHashMap<>();
        for (TensorInfoReader.Described info : infos.values()) {
            String field = ModelException.shown(info.name()) + ".offset";
            if (info.offset() != at) {
                throw in.error(
                        ErrorCode.MALFORMED, field, Long.toUnsignedString(info.offset()) + ", but it must be " + at);
            }
            if (start > size || info.bytes() > size - start - at) {
                throw in.error(
                        ErrorCode.MALFORMED,
                        field,
                        info.bytes() + " bytes from " + at + " on, but the data has " + Math.max(size - start, 0));
            }
            tensors.put(
                    info.name(),
                    new GgufTensor(info.name(), info.type(), info.shape(), file.asSlice(start + at, info.bytes())));
            end = at + info.bytes();
            at = padded(end, alignment);
        }
        long last = infos.isEmpty() ? in.position() : start + end;
        if (size > padded(last, alignment)) {
            throw in.error(ErrorCode.MALFORMED, "data", (size - last) + " bytes after the last tensor");
        }
        return tensors;
    }

    private static long padded(long at, long alignment) {
        return (at + alignment - 1) & -alignment;
    }

    /**
     * A tensor, decoded to float32 if it is of a block format; else a view of the file.
     *
     * @param owner of the decoded numbers
     * @throws ModelException {@link ErrorCode#MISSING} when there is none of this name
     */
    public Tensor tensor(String tensor, Arena owner) {
        GgufTensor found = tensors.get(tensor);
        if (found == null) {
            throw new ModelException(
                    ErrorCode.MISSING, name, ModelException.shown(tensor), "the file has no such tensor");
        }
        if (!found.type().isQuantised()) {
            return new Tensor(found.type().dtype(), found.shape(), found.data());
        }
        Tensor out = Tensor.allocate(found.type().dtype(), found.shape(), owner);
        new Blocks(found.data(), out.data()).decode(found.type());
        return out;
    }

    @Override
    public void close() {
        arena.close();
    }
}
