package dev.fairlead.model.safetensors;

import dev.fairlead.model.tensor.DType;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The format's names for element types. */
final class DTypes {
    private static final Map<String, DType> BY_NAME =
            Stream.of(DType.values()).collect(Collectors.toUnmodifiableMap(DTypes::name, Function.identity()));

    private DTypes() {}

    static Optional<DType> parse(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    static String name(DType dtype) {
        return switch (dtype) {
            case BOOL -> "BOOL";
            case UINT8 -> "U8";
            case UINT16 -> "U16";
            case UINT32 -> "U32";
            case UINT64 -> "U64";
            case INT8 -> "I8";
            case INT16 -> "I16";
            case INT32 -> "I32";
            case INT64 -> "I64";
            case FLOAT16 -> "F16";
            case BFLOAT16 -> "BF16";
            case FLOAT32 -> "F32";
            case FLOAT64 -> "F64";
            case COMPLEX64 -> "C64";
        };
    }
}
