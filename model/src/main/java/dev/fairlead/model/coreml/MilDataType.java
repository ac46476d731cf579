package dev.fairlead.model.coreml;

import dev.fairlead.model.tensor.DType;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Element types of MIL: {@code MIL.proto}'s DataType, and the codes that the weight file has for some of them. */
public enum MilDataType {
    BOOL(1, 0, Optional.of(DType.BOOL)),
    /** UTF-8 text; never in a weight file. */
    STRING(2, 0, Optional.empty()),
    FLOAT16(10, 1, Optional.of(DType.FLOAT16)),
    FLOAT32(11, 2, Optional.of(DType.FLOAT32)),
    FLOAT64(12, 0, Optional.of(DType.FLOAT64)),
    BFLOAT16(13, 5, Optional.of(DType.BFLOAT16)),
    INT8(21, 4, Optional.of(DType.INT8)),
    INT16(22, 6, Optional.of(DType.INT16)),
    INT32(23, 14, Optional.of(DType.INT32)),
    INT64(24, 0, Optional.of(DType.INT64)),
    INT4(25, 8, Optional.of(DType.INT4)),
    UINT8(31, 3, Optional.of(DType.UINT8)),
    UINT16(32, 7, Optional.of(DType.UINT16)),
    UINT32(33, 15, Optional.of(DType.UINT32)),
    UINT64(34, 0, Optional.of(DType.UINT64)),
    UINT4(35, 11, Optional.of(DType.UINT4)),
    UINT2(36, 10, Optional.of(DType.UINT2)),
    UINT1(37, 9, Optional.of(DType.UINT1)),
    UINT6(38, 13, Optional.of(DType.UINT6)),
    UINT3(39, 12, Optional.of(DType.UINT3)),
    FLOAT8_E4M3FN(40, 16, Optional.of(DType.FLOAT8_E4M3FN)),
    FLOAT8_E5M2(41, 17, Optional.of(DType.FLOAT8_E5M2));

    private static final Map<Integer, MilDataType> BY_CODE =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(MilDataType::code, Function.identity()));
    private static final Map<DType, MilDataType> BY_DTYPE = Stream.of(values())
            .filter(type -> type.dtype.isPresent())
            .collect(Collectors.toUnmodifiableMap(type -> type.dtype.orElseThrow(), Function.identity()));

    private final int code;
    private final int blobCode;

    @SuppressWarnings("ImmutableEnumChecker") // Optional of an enum constant
    private final Optional<DType> dtype;

    MilDataType(int code, int blobCode, Optional<DType> dtype) {
        this.code = code;
        this.blobCode = blobCode;
        this.dtype = dtype;
    }

    /** The number in the program. */
    public int code() {
        return code;
    }

    /** The number in the weight file; empty for a type that it cannot hold. */
    public OptionalInt blobCode() {
        return blobCode == 0 ? OptionalInt.empty() : OptionalInt.of(blobCode);
    }

    /** Empty for text. */
    public Optional<DType> dtype() {
        return dtype;
    }

    public static Optional<MilDataType> parse(long code) {
        return code != (int) code ? Optional.empty() : Optional.ofNullable(BY_CODE.get((int) code));
    }

    /** Empty for types that MIL does not have. */
    public static Optional<MilDataType> of(DType dtype) {
        return Optional.ofNullable(BY_DTYPE.get(dtype));
    }
}
