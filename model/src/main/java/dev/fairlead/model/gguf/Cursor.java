package dev.fairlead.model.gguf;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A place in the file that only moves forward and never past the end. */
final class Cursor {
    /** Bytes of all texts that are read; those in lists stay in the file. */
    private static final long MAX_TEXT = 8L << 20;

    private final MemorySegment file;
    private final String name;
    private long at;
    private long text;

    Cursor(MemorySegment file, String name) {
        this.file = file;
        this.name = name;
    }

    long position() {
        return at;
    }

    long left() {
        return file.byteSize() - at;
    }

    int byteOf(String field) {
        return file.get(ValueLayout.JAVA_BYTE, advance(1, field));
    }

    short shortOf(String field) {
        return file.get(Tensor.SHORT, advance(2, field));
    }

    int intOf(String field) {
        return file.get(Tensor.INT, advance(4, field));
    }

    long longOf(String field) {
        return file.get(Tensor.LONG, advance(8, field));
    }

    /** A count of things that take so many bytes each at least, so that nothing is made for what the file cannot hold. */
    long count(String field, long least, long most) {
        long count = longOf(field);
        if (count < 0 || count > most) {
            throw error(ErrorCode.LIMIT, field, Long.toUnsignedString(count) + ", more than " + most);
        }
        if (count > left() / least) {
            throw error(ErrorCode.MALFORMED, field, count + ", but the file has only " + left() + " bytes left");
        }
        return count;
    }

    String text(String field, long most) {
        long length = count(field, 1, most);
        text += length;
        if (text > MAX_TEXT) {
            throw error(ErrorCode.LIMIT, field, "more than " + MAX_TEXT + " bytes of names and metadata");
        }
        MemorySegment bytes = file.asSlice(advance(length, field), length);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toArray(ValueLayout.JAVA_BYTE)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw error(ErrorCode.MALFORMED, field, "is no UTF-8");
        }
    }

    void skip(long length, String field) {
        advance(length, field);
    }

    MemorySegment since(long start) {
        return file.asSlice(start, at - start);
    }

    private long advance(long bytes, String field) {
        if (bytes > left()) {
            throw error(ErrorCode.MALFORMED, field, "takes " + bytes + " bytes, but the file has " + left() + " left");
        }
        long start = at;
        at += bytes;
        return start;
    }

    ModelException error(ErrorCode code, String field, String problem) {
        return new ModelException(code, name, field, problem);
    }
}
