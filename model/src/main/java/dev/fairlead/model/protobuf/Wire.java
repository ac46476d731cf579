package dev.fairlead.model.protobuf;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads protobuf fields from a mapped file. Each failure names the path of the field; lengths are checked against what
 * is left before anything is made, nesting is bounded, and so is the number of things that a small file can ask for.
 */
public final class Wire {
    private static final int MAX_DEPTH = 64;

    /** Fields and list elements in one file, for reading them takes time. A graph of thirty thousand nodes has some eight hundred thousand. */
    private static final long MAX_ITEMS = 1_000_000;

    /** What reading may keep in memory, by the estimates below. A graph of thirty thousand nodes takes some 34 MiB. */
    private static final long MAX_MEMORY = 40L << 20;

    private static final int MESSAGE = 64;
    private static final int TEXT = 52;
    private static final int NUMBER = 20;

    /** No name or documentation is longer; decoding takes thrice as much. */
    private static final int MAX_TEXT = 4 << 20;

    private final String file;
    private final MemorySegment segment;
    private final CodedInputStream in;
    private final List<String> path = new ArrayList<>();
    private final List<String> origin;

    /** Counted together over all parts of a file. */
    private final Spent spent;

    private static final class Spent {
        long items;
        long memory;
    }

    public Wire(String file, MemorySegment segment) {
        this(file, segment, List.of(), new Spent());
    }

    private Wire(String file, MemorySegment segment, List<String> origin, Spent spent) {
        this.file = file;
        this.segment = segment;
        this.spent = spent;
        this.origin = origin;
        path.addAll(origin);
        if (segment.byteSize() > Integer.MAX_VALUE) {
            throw new ModelException(
                    ErrorCode.LIMIT,
                    file,
                    "file",
                    segment.byteSize() + " bytes, more than protobuf's " + Integer.MAX_VALUE);
        }
        this.in = CodedInputStream.newInstance(segment.asByteBuffer());
        in.setSizeLimit(Integer.MAX_VALUE);
    }

    public String file() {
        return file;
    }

    /** One field of a message, handed to the message's reader: read it with the accessor for its type. */
    public record Field(int number, int wireType) {}

    /** Reads all fields up to the end of the message that was entered. */
    public void fields(Consumer<Field> reader) {
        run(() -> {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                count();
                reader.accept(new Field(WireFormat.getTagFieldNumber(tag), WireFormat.getTagWireType(tag)));
            }
        });
    }

    public void message(Field field, String name, Runnable body) {
        require(field, name, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        if (path.size() >= MAX_DEPTH) {
            throw new ModelException(ErrorCode.LIMIT, file, at(name), "nested deeper than " + MAX_DEPTH);
        }
        int length = call(name, () -> length(name));
        keep(MESSAGE);
        path.add(name);
        run(() -> {
            int limit = in.pushLimit(length);
            body.run();
            if (in.getBytesUntilLimit() != 0) {
                throw error(ErrorCode.MALFORMED, "end", "ends within a field");
            }
            in.popLimit(limit);
        });
        path.removeLast();
    }

    public String text(Field field, String name) {
        require(field, name, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        return call(name, () -> {
            int length = length(name);
            if (length > MAX_TEXT) {
                throw error(ErrorCode.LIMIT, name, length + " bytes of text, more than " + MAX_TEXT);
            }
            keep(TEXT + length);
            return utf8(in.readRawBytes(length), name);
        });
    }

    private String utf8(byte[] bytes, String name) {
        for (byte unit : bytes) {
            if (unit < 0) {
                try {
                    return StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString();
                } catch (CharacterCodingException e) {
                    throw error(ErrorCode.MALFORMED, name, "is no UTF-8");
                }
            }
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    public long number(Field field, String name) {
        require(field, name, WireFormat.WIRETYPE_VARINT);
        return call(name, in::readInt64);
    }

    public float real(Field field, String name) {
        require(field, name, WireFormat.WIRETYPE_FIXED32);
        return call(name, in::readFloat);
    }

    public double real64(Field field, String name) {
        require(field, name, WireFormat.WIRETYPE_FIXED64);
        return call(name, in::readDouble);
    }

    /** The bytes where they lie in the file. */
    public MemorySegment bytes(Field field, String name) {
        require(field, name, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        return call(name, () -> {
            int length = length(name);
            MemorySegment bytes = segment.asSlice(in.getTotalBytesRead(), length);
            in.skipRawBytes(length);
            return bytes;
        });
    }

    /** The fields of an embedded message, to be read on their own and more than once; all count against the file's limit. */
    public Wire part(Field field, String name) {
        List<String> inner = new ArrayList<>(path);
        inner.add(name);
        return new Wire(file, bytes(field, name), inner, spent);
    }

    public long size() {
        return segment.byteSize();
    }

    /** The same bytes from their beginning. */
    public Wire rewound() {
        return new Wire(file, segment, origin, spent);
    }

    /** A repeated integer, packed or not. */
    public void numbers(Field field, String name, List<Long> into) {
        if (field.wireType() == WireFormat.WIRETYPE_VARINT) {
            keep(NUMBER);
            into.add(number(field, name));
            return;
        }
        packed(field, name, () -> into.add(in.readInt64()));
    }

    /** A repeated fixed-width number that must be packed, as proto3 writes it: the elements where they lie in the file. */
    public MemorySegment packedBytes(Field field, String name, int width) {
        MemorySegment bytes = bytes(field, name);
        if (bytes.byteSize() % width != 0) {
            throw error(
                    ErrorCode.MALFORMED, name, bytes.byteSize() + " bytes are no whole number of elements of " + width);
        }
        return bytes;
    }

    /** A repeated float, packed or not. */
    public void reals(Field field, String name, List<Float> into) {
        if (field.wireType() == WireFormat.WIRETYPE_FIXED32) {
            keep(NUMBER);
            into.add(real(field, name));
            return;
        }
        packed(field, name, () -> into.add(in.readFloat()));
    }

    private void packed(Field field, String name, Read element) {
        require(field, name, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        call(name, () -> {
            int limit = in.pushLimit(length(name));
            while (in.getBytesUntilLimit() > 0) {
                count();
                keep(NUMBER);
                element.run();
            }
            in.popLimit(limit);
            return name;
        });
    }

    /** Documentation carries no meaning. */
    public void skip(Field field, String name) {
        run(() -> {
            if (!in.skipField(field.number() << 3 | field.wireType())) {
                throw error(ErrorCode.MALFORMED, name, "ends a group that never began");
            }
        });
    }

    /** A field that this reader does not know: dropping it could change the model's meaning. */
    public ModelException unknown(Field field, String message) {
        return error(
                ErrorCode.UNSUPPORTED, "field " + field.number(), "this reader does not know this field of " + message);
    }

    public ModelException error(ErrorCode code, String name, String problem) {
        return new ModelException(code, file, at(name), problem);
    }

    public String at(String name) {
        return path.isEmpty() ? name : String.join(".", path) + "." + name;
    }

    private int length(String name) throws IOException {
        int length = in.readRawVarint32();
        long left = Math.min(
                segment.byteSize() - in.getTotalBytesRead(),
                in.getBytesUntilLimit() < 0 ? Long.MAX_VALUE : in.getBytesUntilLimit());
        if (length < 0 || length > left) {
            throw error(
                    ErrorCode.MALFORMED,
                    name,
                    "takes " + Integer.toUnsignedString(length) + " bytes, but " + left + " are left");
        }
        return length;
    }

    private void require(Field field, String name, int wireType) {
        if (field.wireType() != wireType) {
            throw error(ErrorCode.MALFORMED, name, "has wire type " + field.wireType() + ", expected " + wireType);
        }
    }

    private void count() {
        if (++spent.items > MAX_ITEMS) {
            throw error(ErrorCode.LIMIT, "items", "more than " + MAX_ITEMS + " fields and elements in one file");
        }
    }

    /** Counts memory that a message takes beyond what its fields do. */
    public void keep(long bytes) {
        spent.memory += bytes;
        if (spent.memory > MAX_MEMORY) {
            throw error(ErrorCode.LIMIT, "memory", "the file takes more than " + MAX_MEMORY + " bytes to read");
        }
    }

    private void run(Read body) {
        call("wire", () -> {
            body.run();
            return file;
        });
    }

    private <T> T call(String name, Call<T> body) {
        try {
            return body.call();
        } catch (InvalidProtocolBufferException e) {
            throw error(ErrorCode.MALFORMED, name, "no valid protobuf at byte " + in.getTotalBytesRead());
        } catch (IOException e) {
            throw error(ErrorCode.IO, name, String.valueOf(e.getMessage()));
        }
    }

    private interface Read {
        void run() throws IOException;
    }

    private interface Call<T> {
        T call() throws IOException;
    }
}
