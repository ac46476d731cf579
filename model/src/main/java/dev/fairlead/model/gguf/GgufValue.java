package dev.fairlead.model.gguf;

import java.lang.foreign.MemorySegment;

/** A metadata value. */
public sealed interface GgufValue {
    /** Any integer type; uint64 as its 64 bits. */
    record Whole(ValueType type, long value) implements GgufValue {}

    /** FLOAT32 or FLOAT64. */
    record Real(ValueType type, double value) implements GgufValue {}

    record Flag(boolean value) implements GgufValue {}

    record Text(String value) implements GgufValue {}

    /**
     * A list, left where it lies in the file: a tokenizer has some hundred thousand entries.
     *
     * @param data the elements one after the other, as the file has them; checked to be whole
     */
    record Items(ValueType element, long count, MemorySegment data) implements GgufValue {}
}
