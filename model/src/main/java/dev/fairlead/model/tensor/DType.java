package dev.fairlead.model.tensor;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An element type, little-endian. {@link #text()} is the name in {@code graph.json} and {@code model.json}. */
public enum DType {
    BOOL(1, Kind.BOOLEAN),
    UINT8(1, Kind.UNSIGNED),
    UINT16(2, Kind.UNSIGNED),
    UINT32(4, Kind.UNSIGNED),
    UINT64(8, Kind.UNSIGNED),
    INT8(1, Kind.SIGNED),
    INT16(2, Kind.SIGNED),
    INT32(4, Kind.SIGNED),
    INT64(8, Kind.SIGNED),
    FLOAT16(2, Kind.FLOATING),
    BFLOAT16(2, Kind.FLOATING),
    FLOAT32(4, Kind.FLOATING),
    FLOAT64(8, Kind.FLOATING),
    /** Two float32: real, imaginary. */
    COMPLEX64(8, Kind.COMPLEX);

    /** What arithmetic an element takes part in. */
    public enum Kind {
        BOOLEAN,
        UNSIGNED,
        SIGNED,
        FLOATING,
        COMPLEX
    }

    private static final Map<String, DType> BY_TEXT =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(DType::text, type -> type));

    private final int bytes;
    private final Kind kind;

    DType(int bytes, Kind kind) {
        this.bytes = bytes;
        this.kind = kind;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    public Kind kind() {
        return kind;
    }

    public boolean isFloating() {
        return kind == Kind.FLOATING;
    }

    public boolean isInteger() {
        return kind == Kind.SIGNED || kind == Kind.UNSIGNED;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<DType> parse(String text) {
        return Optional.ofNullable(BY_TEXT.get(text));
    }
}
