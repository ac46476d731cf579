package dev.fairlead.parity.floor;

import dev.fairlead.model.interpret.Machine;
import dev.fairlead.model.tensor.DType;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Ways of computing that a model did not ask for, each recognised by the size of its error. */
public enum Contract {
    /** Factors of float32 products cut to 11 bits. */
    TF32,
    /** Factors of float32 products cut to 8 bits. */
    BFLOAT16_PRODUCTS,
    /** Sums kept in float16. */
    FLOAT16_SUMS;

    /** For a sentence. */
    public String text() {
        return switch (this) {
            case TF32 -> "TF32";
            case BFLOAT16_PRODUCTS -> "bfloat16 products";
            case FLOAT16_SUMS -> "float16 sums";
        };
    }

    /** In a file: {@code float16_sums}. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Contract> parse(String key) {
        return Stream.of(values())
                .filter(contract -> contract.key().equals(key))
                .findFirst();
    }

    Machine machine() {
        return switch (this) {
            case TF32 -> Machine.TF32;
            case BFLOAT16_PRODUCTS -> Machine.BFLOAT16_FACTORS;
            case FLOAT16_SUMS -> Machine.FLOAT16_SUMS;
        };
    }

    /** Whether it says something of outputs of a type. */
    boolean isOf(DType dtype) {
        return switch (this) {
            case TF32, BFLOAT16_PRODUCTS -> dtype == DType.FLOAT32;
            case FLOAT16_SUMS -> dtype == DType.FLOAT32 || dtype == DType.FLOAT16;
        };
    }
}
