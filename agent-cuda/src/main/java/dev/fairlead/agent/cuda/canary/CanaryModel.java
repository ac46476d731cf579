package dev.fairlead.agent.cuda.canary;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** {@code y = x × x} on float32[2, 2], as bytes of onnx.proto: small enough to write by hand. */
final class CanaryModel {
    private static final int IR_VERSION = 10;
    private static final int OPSET = 21;
    private static final int FLOAT = 1;

    private CanaryModel() {}

    static byte[] bytes() {
        byte[] node = message(out -> {
            out.writeString(1, "x");
            out.writeString(1, "x");
            out.writeString(2, "y");
            out.writeString(4, "MatMul");
        });
        byte[] graph = message(out -> {
            out.writeByteArray(1, node);
            out.writeString(2, "canary");
            out.writeByteArray(11, value("x"));
            out.writeByteArray(12, value("y"));
        });
        return message(out -> {
            out.writeInt64(1, IR_VERSION);
            out.writeByteArray(7, graph);
            out.writeByteArray(8, message(opset -> opset.writeInt64(2, OPSET)));
        });
    }

    private static byte[] value(String name) {
        byte[] two = message(out -> out.writeInt64(1, 2));
        byte[] shape = message(out -> {
            out.writeByteArray(1, two);
            out.writeByteArray(1, two);
        });
        byte[] tensor = message(out -> {
            out.writeInt32(1, FLOAT);
            out.writeByteArray(2, shape);
        });
        byte[] type = message(out -> out.writeByteArray(1, tensor));
        return message(out -> {
            out.writeString(1, name);
            out.writeByteArray(2, type);
        });
    }

    private static byte[] message(Fields fields) {
        var bytes = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("into memory", e);
        }
        return bytes.toByteArray();
    }

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }
}
