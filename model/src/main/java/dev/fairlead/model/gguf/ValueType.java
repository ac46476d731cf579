package dev.fairlead.model.gguf;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code gguf_metadata_value_type}. */
public enum ValueType {
    UINT8(0, 1),
    INT8(1, 1),
    UINT16(2, 2),
    INT16(3, 2),
    UINT32(4, 4),
    INT32(5, 4),
    FLOAT32(6, 4),
    BOOL(7, 1),
    /** A length of eight bytes and that many bytes of UTF-8. */
    STRING(8, 8),
    /** An element type of four bytes, a count of eight and the elements. */
    ARRAY(9, 12),
    UINT64(10, 8),
    INT64(11, 8),
    FLOAT64(12, 8);

    private static final Map<Integer, ValueType> BY_CODE =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(type -> type.code, type -> type));

    private final int code;
    private final int least;

    ValueType(int code, int least) {
        this.code = code;
        this.least = least;
    }

    static Optional<ValueType> of(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /** Fewest bytes that a value of this type takes. */
    int least() {
        return least;
    }

    boolean hasFixedSize() {
        return this != STRING && this != ARRAY;
    }
}
