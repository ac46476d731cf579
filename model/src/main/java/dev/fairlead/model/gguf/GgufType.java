package dev.fairlead.model.gguf;

import dev.fairlead.model.tensor.DType;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The numbers of {@code ggml_type} that this reader decodes. A block holds so many elements of the innermost axis. */
public enum GgufType {
    F32(0, 1, 4, DType.FLOAT32),
    F16(1, 1, 2, DType.FLOAT16),
    Q4_0(2, 32, 18, DType.FLOAT32),
    Q4_1(3, 32, 20, DType.FLOAT32),
    Q8_0(8, 32, 34, DType.FLOAT32),
    Q4_K(12, 256, 144, DType.FLOAT32),
    Q6_K(14, 256, 210, DType.FLOAT32),
    I8(24, 1, 1, DType.INT8),
    I16(25, 1, 2, DType.INT16),
    I32(26, 1, 4, DType.INT32),
    I64(27, 1, 8, DType.INT64),
    F64(28, 1, 8, DType.FLOAT64),
    BF16(30, 1, 2, DType.BFLOAT16);

    private static final Map<Integer, GgufType> BY_CODE =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(type -> type.code, type -> type));

    private final int code;
    private final int blockElements;
    private final int blockBytes;
    private final DType dtype;

    GgufType(int code, int blockElements, int blockBytes, DType dtype) {
        this.code = code;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.dtype = dtype;
    }

    public int blockElements() {
        return blockElements;
    }

    public int blockBytes() {
        return blockBytes;
    }

    /** What the elements are once decoded. */
    public DType dtype() {
        return dtype;
    }

    public boolean isQuantised() {
        return blockElements > 1;
    }

    static Optional<GgufType> of(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }
}
