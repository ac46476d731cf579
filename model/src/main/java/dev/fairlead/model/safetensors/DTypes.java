package dev.fairlead.model.safetensors;

import dev.fairlead.model.tensor.DType;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The format's names for element types. */
final class DTypes {
    private static final Map<String, DType> BY_NAME = Stream.of(DType.values())
            .filter(dtype -> name(dtype).isPresent())
            .collect(Collectors.toUnmodifiableMap(dtype -> name(dtype).orElseThrow(), Function.identity()));

    private DTypes() {}

    static Optional<DType> parse(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Empty for types that the format does not have. */
    static Optional<String> name(DType dtype) {
        return switch (dtype) {
            case BOOL -> Optional.of("BOOL");
            case UINT8 -> Optional.of("U8");
            case UINT16 -> Optional.of("U16");
            case UINT32 -> Optional.of("U32");
            case UINT64 -> Optional.of("U64");
            case INT8 -> Optional.of("I8");
            case INT16 -> Optional.of("I16");
            case INT32 -> Optional.of("I32");
            case INT64 -> Optional.of("I64");
            case FLOAT16 -> Optional.of("F16");
            case BFLOAT16 -> Optional.of("BF16");
            case FLOAT32 -> Optional.of("F32");
            case FLOAT64 -> Optional.of("F64");
            case COMPLEX64 -> Optional.of("C64");
            case FLOAT8_E4M3FN -> Optional.of("F8_E4M3");
            case FLOAT8_E5M2 -> Optional.of("F8_E5M2");
            case FLOAT8_E8M0FNU -> Optional.of("F8_E8M0");
            case FLOAT6_E2M3FN -> Optional.of("F6_E2M3");
            case FLOAT6_E3M2FN -> Optional.of("F6_E3M2");
            case FLOAT4_E2M1FN -> Optional.of("F4");
            case FLOAT8_E4M3FNUZ -> Optional.of("F8_E4M3FNUZ");
            case FLOAT8_E5M2FNUZ -> Optional.of("F8_E5M2FNUZ");
            case COMPLEX128 -> Optional.empty();
            case UINT1, UINT2, UINT3, UINT4, UINT6, INT2, INT4 -> Optional.empty();
        };
    }
}
