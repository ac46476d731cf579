package dev.fairlead.model.gguf;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Reads what stands before the data of each tensor. */
final class TensorInfoReader {
    /** GGML's own limits. */
    private static final int MAX_RANK = 4;

    private static final long MAX_NAME = 65_535;

    private final Cursor in;

    TensorInfoReader(Cursor in) {
        this.in = in;
    }

    /** @param offset from the beginning of the data */
    record Described(String name, GgufType type, List<Long> shape, long bytes, long offset) {}

    Described read(long index) {
        String name = in.text("tensor[" + index + "].name", MAX_NAME);
        String field = ModelException.shown(name);
        int rank = in.intOf(field + ".rank");
        if (rank < 0 || rank > MAX_RANK) {
            throw in.error(
                    ErrorCode.LIMIT, field + ".rank", Integer.toUnsignedString(rank) + ", more than " + MAX_RANK);
        }
        List<Long> shape = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            long size = in.longOf(field + ".dims");
            if (size < 0) {
                throw in.error(
                        ErrorCode.MALFORMED, field + ".dims", Long.toUnsignedString(size) + " does not fit 63 bits");
            }
            shape.addFirst(size);
        }
        int code = in.intOf(field + ".type");
        GgufType type = GgufType.of(code)
                .orElseThrow(() -> in.error(
                        ErrorCode.UNSUPPORTED,
                        field + ".type",
                        Integer.toUnsignedString(code) + " is no type that this reader decodes"));
        long bytes = bytes(shape, type, field + ".dims");
        return new Described(name, type, shape, bytes, in.longOf(field + ".offset"));
    }

    private long bytes(List<Long> shape, GgufType type, String field) {
        long row = shape.isEmpty() ? 1 : shape.getLast();
        if (row % type.blockElements() != 0) {
            throw in.error(
                    ErrorCode.MALFORMED,
                    field,
                    shape + " has rows of " + row + ", no multiple of the " + type.blockElements() + " of a block");
        }
        try {
            long elements = Tensor.elements(shape);
            Math.multiplyExact(elements, 4L);
            return Math.multiplyExact(elements / type.blockElements(), (long) type.blockBytes());
        } catch (ArithmeticException e) {
            throw in.error(ErrorCode.MALFORMED, field, shape + " has more elements than can be counted");
        }
    }
}
