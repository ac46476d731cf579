package dev.fairlead.agent.runtime.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Declares values inside a graph as outputs. A protobuf parser merges a message field that occurs again into the one
 * before it, and appends its repeated fields; so the outputs are added by appending a second {@code graph} that
 * holds nothing else, and the model's own bytes stay as they are.
 */
final class TapModel {
    // ModelProto.graph, GraphProto.output and ValueInfoProto.name in onnx.proto.
    private static final int GRAPH = 7;
    private static final int OUTPUT = 12;
    private static final int NAME = 1;

    private TapModel() {}

    static byte[] withOutputs(byte[] model, List<String> names) {
        var graph = new ByteArrayOutputStream();
        for (String name : names) {
            var value = new ByteArrayOutputStream();
            write(value, out -> out.writeString(NAME, name));
            write(graph, out -> out.writeByteArray(OUTPUT, value.toByteArray()));
        }
        var whole = new ByteArrayOutputStream();
        whole.writeBytes(model);
        write(whole, out -> out.writeByteArray(GRAPH, graph.toByteArray()));
        return whole.toByteArray();
    }

    private static void write(ByteArrayOutputStream target, Field field) {
        try {
            var out = CodedOutputStream.newInstance(target);
            field.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("into memory", e);
        }
    }

    private interface Field {
        void write(CodedOutputStream out) throws IOException;
    }
}
