package dev.fairlead.model.gguf;

/** {@code gguf_metadata_value_type}; its number is the constant's place. */
public enum ValueType {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    /** A length of eight bytes and that many bytes of UTF-8. */
    STRING(8),
    /** An element type of four bytes, a count of eight and the elements. */
    ARRAY(12),
    UINT64(8),
    INT64(8),
    FLOAT64(8);

    private final int least;

    ValueType(int least) {
        this.least = least;
    }

    /** Fewest bytes that a value of this type takes. */
    int least() {
        return least;
    }

    boolean hasFixedSize() {
        return this != STRING && this != ARRAY;
    }
}
