package dev.fairlead.model.onnx;

import dev.fairlead.model.tensor.DType;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The numbers of {@code TensorProto.DataType}. */
public final class OnnxTypes {
    private static final Map<Integer, DType> BY_CODE =
            Stream.of(DType.values()).collect(Collectors.toUnmodifiableMap(OnnxTypes::code, Function.identity()));

    private OnnxTypes() {}

    public static int code(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> 1;
            case UINT8 -> 2;
            case INT8 -> 3;
            case UINT16 -> 4;
            case INT16 -> 5;
            case INT32 -> 6;
            case INT64 -> 7;
            case BOOL -> 9;
            case FLOAT16 -> 10;
            case FLOAT64 -> 11;
            case UINT32 -> 12;
            case UINT64 -> 13;
            case COMPLEX64 -> 14;
            case BFLOAT16 -> 16;
        };
    }

    /** Empty for strings, complex128, 8-bit floats and types narrower than a byte. */
    public static Optional<DType> parse(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }
}
