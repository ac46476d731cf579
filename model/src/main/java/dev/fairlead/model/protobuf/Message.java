package dev.fairlead.model.protobuf;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A protobuf message being written in memory. Empty text and absent values are left out, as protobuf does. */
public final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    /** Always written, also when empty: inputs of a node stand at positions. */
    public void item(int field, String text) {
        write(() -> out.writeString(field, text));
    }

    public void text(int field, String text) {
        if (!text.isEmpty()) {
            item(field, text);
        }
    }

    public void number(int field, long value) {
        write(() -> out.writeInt64(field, value));
    }

    /** A number of proto3, which leaves zero out. */
    public void nonZero(int field, long value) {
        if (value != 0) {
            number(field, value);
        }
    }

    public void real64(int field, double value) {
        write(() -> out.writeDouble(field, value));
    }

    public void real(int field, float value) {
        write(() -> out.writeFloat(field, value));
    }

    public void bytes(int field, byte[] value) {
        write(() -> out.writeByteArray(field, value));
    }

    public void packedNumbers(int field, List<Long> values) {
        Message packed = new Message();
        write(() -> {
            for (long value : values) {
                packed.out.writeInt64NoTag(value);
            }
        });
        bytes(field, packed.toBytes());
    }

    public void packedReals(int field, List<Float> values) {
        Message packed = new Message();
        write(() -> {
            for (float value : values) {
                packed.out.writeFloatNoTag(value);
            }
        });
        bytes(field, packed.toBytes());
    }

    public void message(int field, Consumer<Message> body) {
        Message message = new Message();
        body.accept(message);
        bytes(field, message.toBytes());
    }

    /** A repeated StringStringEntryProto. */
    public void entries(int field, Map<String, String> entries) {
        entries.forEach((key, value) -> message(field, entry -> {
            entry.item(1, key);
            entry.item(2, value);
        }));
    }

    public byte[] toBytes() {
        write(out::flush);
        return bytes.toByteArray();
    }

    private static void write(Write write) {
        try {
            write.run();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
    }

    private interface Write {
        void run() throws IOException;
    }
}
