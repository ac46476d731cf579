package dev.fairlead.model.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A protobuf message being written in memory. Empty text and absent values are left out, as protobuf does. */
final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    /** Always written, also when empty: inputs of a node stand at positions. */
    void item(int field, String text) {
        write(() -> out.writeString(field, text));
    }

    void text(int field, String text) {
        if (!text.isEmpty()) {
            item(field, text);
        }
    }

    void number(int field, long value) {
        write(() -> out.writeInt64(field, value));
    }

    void real(int field, float value) {
        write(() -> out.writeFloat(field, value));
    }

    void bytes(int field, byte[] value) {
        write(() -> out.writeByteArray(field, value));
    }

    void packedNumbers(int field, List<Long> values) {
        Message packed = new Message();
        write(() -> {
            for (long value : values) {
                packed.out.writeInt64NoTag(value);
            }
        });
        bytes(field, packed.toBytes());
    }

    void packedReals(int field, List<Float> values) {
        Message packed = new Message();
        write(() -> {
            for (float value : values) {
                packed.out.writeFloatNoTag(value);
            }
        });
        bytes(field, packed.toBytes());
    }

    void message(int field, Consumer<Message> body) {
        Message message = new Message();
        body.accept(message);
        bytes(field, message.toBytes());
    }

    /** A repeated StringStringEntryProto. */
    void entries(int field, Map<String, String> entries) {
        entries.forEach((key, value) -> message(field, entry -> {
            entry.item(1, key);
            entry.item(2, value);
        }));
    }

    byte[] toBytes() {
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
