package dev.fairlead.model.onnx;

import dev.fairlead.model.tensor.DType;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The numbers of {@code TensorProto.DataType}. */
public final class OnnxTypes {
    private static final Map<Integer, DType> BY_CODE = Stream.of(DType.values())
            .filter(dtype -> code(dtype).isPresent())
            .collect(Collectors.toUnmodifiableMap(dtype -> code(dtype).getAsInt(), Function.identity()));

    /** Tensors of strings have a number, though no {@link DType}. */
    public static final int STRING = 8;

    private OnnxTypes() {}

    /** Empty for types that ONNX does not have. */
    public static OptionalInt code(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> OptionalInt.of(1);
            case UINT8 -> OptionalInt.of(2);
            case INT8 -> OptionalInt.of(3);
            case UINT16 -> OptionalInt.of(4);
            case INT16 -> OptionalInt.of(5);
            case INT32 -> OptionalInt.of(6);
            case INT64 -> OptionalInt.of(7);
            case BOOL -> OptionalInt.of(9);
            case FLOAT16 -> OptionalInt.of(10);
            case FLOAT64 -> OptionalInt.of(11);
            case UINT32 -> OptionalInt.of(12);
            case UINT64 -> OptionalInt.of(13);
            case COMPLEX64 -> OptionalInt.of(14);
            case COMPLEX128 -> OptionalInt.of(15);
            case BFLOAT16 -> OptionalInt.of(16);
            case FLOAT8_E4M3FN -> OptionalInt.of(17);
            case FLOAT8_E4M3FNUZ -> OptionalInt.of(18);
            case FLOAT8_E5M2 -> OptionalInt.of(19);
            case FLOAT8_E5M2FNUZ -> OptionalInt.of(20);
            case UINT4 -> OptionalInt.of(21);
            case INT4 -> OptionalInt.of(22);
            case FLOAT4_E2M1FN -> OptionalInt.of(23);
            case FLOAT8_E8M0FNU -> OptionalInt.of(24);
            case UINT2 -> OptionalInt.of(25);
            case INT2 -> OptionalInt.of(26);
            case UINT1, UINT3, UINT6, FLOAT6_E2M3FN, FLOAT6_E3M2FN -> OptionalInt.empty();
        };
    }

    /** Empty for strings and unknown numbers. */
    public static Optional<DType> parse(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }
}
