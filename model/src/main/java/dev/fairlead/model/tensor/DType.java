package dev.fairlead.model.tensor;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An element type, little-endian. {@link #text()} is the name in {@code graph.json} and {@code model.json}. Types narrower than
 * a byte are packed without gaps, least significant bits first, over the whole tensor in row-major order.
 */
public enum DType {
    BOOL(8, Kind.BOOLEAN),
    UINT8(8, Kind.UNSIGNED),
    UINT16(16, Kind.UNSIGNED),
    UINT32(32, Kind.UNSIGNED),
    UINT64(64, Kind.UNSIGNED),
    INT8(8, Kind.SIGNED),
    INT16(16, Kind.SIGNED),
    INT32(32, Kind.SIGNED),
    INT64(64, Kind.SIGNED),
    FLOAT16(16, Kind.FLOATING),
    BFLOAT16(16, Kind.FLOATING),
    FLOAT32(32, Kind.FLOATING),
    FLOAT64(64, Kind.FLOATING),
    /** Two float32: real, imaginary. */
    COMPLEX64(64, Kind.COMPLEX),
    /** Two float64: real, imaginary. */
    COMPLEX128(128, Kind.COMPLEX),
    UINT1(1, Kind.UNSIGNED),
    UINT2(2, Kind.UNSIGNED),
    UINT3(3, Kind.UNSIGNED),
    UINT4(4, Kind.UNSIGNED),
    UINT6(6, Kind.UNSIGNED),
    INT2(2, Kind.SIGNED),
    INT4(4, Kind.SIGNED),
    /** No infinity; one NaN of each sign. */
    FLOAT8_E4M3FN(8, Kind.FLOATING),
    /** No infinity and no negative zero; one NaN, bias 8. */
    FLOAT8_E4M3FNUZ(8, Kind.FLOATING),
    FLOAT8_E5M2(8, Kind.FLOATING),
    /** No infinity and no negative zero; one NaN, bias 16. */
    FLOAT8_E5M2FNUZ(8, Kind.FLOATING),
    /** A power of two from 2^-127 to 2^127, or NaN: the scales of microscaling formats. */
    FLOAT8_E8M0FNU(8, Kind.FLOATING),
    FLOAT6_E2M3FN(6, Kind.FLOATING),
    FLOAT6_E3M2FN(6, Kind.FLOATING),
    FLOAT4_E2M1FN(4, Kind.FLOATING);

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

    private final int bits;
    private final Kind kind;

    DType(int bits, Kind kind) {
        this.bits = bits;
        this.kind = kind;
    }

    /** Size of one element in bits. */
    public int bits() {
        return bits;
    }

    /** Whether elements share bytes. */
    public boolean isPacked() {
        return bits < 8;
    }

    /**
     * Size of one element in bytes.
     *
     * @throws IllegalStateException for types narrower than a byte
     */
    public int bytes() {
        if (isPacked()) {
            throw new IllegalStateException(text() + " has no whole number of bytes");
        }
        return bits / 8;
    }

    /**
     * Size of so many elements in bytes, the last byte counted whole.
     *
     * @throws ArithmeticException when it does not fit a long
     */
    public long bytes(long elements) {
        return isPacked()
                ? Math.ceilDiv(Math.multiplyExact(elements, (long) bits), 8L)
                : Math.multiplyExact(elements, (long) (bits / 8));
    }

    public Kind kind() {
        return kind;
    }

    public boolean isFloating() {
        return kind == Kind.FLOATING;
    }

    /** A floating type of fewer than 16 bits: a storage format, in which no operator computes. */
    public boolean isMiniFloat() {
        return kind == Kind.FLOATING && bits < 16;
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
