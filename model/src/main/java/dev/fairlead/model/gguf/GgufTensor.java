package dev.fairlead.model.gguf;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A tensor as the file has it.
 *
 * @param shape outermost first, which is the reverse of the file's order
 * @param data its blocks, in the mapped file
 */
public record GgufTensor(String name, GgufType type, List<Long> shape, MemorySegment data) {
    public GgufTensor {
        shape = List.copyOf(shape);
    }
}
