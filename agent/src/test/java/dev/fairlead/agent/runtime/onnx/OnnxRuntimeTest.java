package dev.fairlead.agent.runtime.onnx;

import com.google.protobuf.CodedOutputStream;
import dev.fairlead.agent.runtime.ModelRuntime;
import dev.fairlead.agent.runtime.RuntimeContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class OnnxRuntimeTest extends RuntimeContract {
    @Override
    protected void write(Path model) throws IOException {
        write(model, "2", List.of(node("MatMul", "product", "x", "x"), node("Identity", "y", "product")));
    }

    @Override
    protected void writeChain(Path model) throws IOException {
        List<byte[]> nodes = new ArrayList<>();
        String last = "x";
        for (int i = 0; i < CHAIN; i++) {
            String next = "product" + i;
            nodes.add(node("MatMul", next, last, last));
            last = next;
        }
        nodes.add(node("Identity", "y", last));
        write(model, "\"n\"", nodes);
    }

    private static void write(Path model, String size, List<byte[]> nodes) throws IOException {
        Files.writeString(model.resolve("model.json"), """
                {"format": "onnx", "version": 1, "signature": {
                  "inputs": [{"name": "x", "dtype": "float32", "shape": [SIZE, SIZE]}],
                  "outputs": [{"name": "y", "dtype": "float32", "shape": [SIZE, SIZE]}]}}
                """.replace("SIZE", size));
        byte[] graph = message(out -> {
            for (byte[] node : nodes) {
                out.writeByteArray(1, node);
            }
            out.writeString(2, "square");
            out.writeByteArray(11, value("x", size));
            out.writeByteArray(12, value("y", size));
        });
        Files.write(model.resolve("model.onnx"), message(out -> {
            out.writeInt64(1, 10);
            out.writeByteArray(7, graph);
            out.writeByteArray(8, message(opset -> opset.writeInt64(2, 21)));
        }));
    }

    private static byte[] node(String operation, String output, String... inputs) throws IOException {
        return message(out -> {
            for (String input : inputs) {
                out.writeString(1, input);
            }
            out.writeString(2, output);
            out.writeString(4, operation);
        });
    }

    @Override
    protected ModelRuntime runtime() {
        return new OnnxRuntime(new OnnxProvider.Cpu(), OnnxRuntime.Role.STAND_IN);
    }

    @Override
    protected String tap() {
        return "product";
    }

    private static byte[] value(String name, String size) throws IOException {
        byte[] dim = message(out -> {
            if (size.equals("2")) {
                out.writeInt64(1, 2);
            } else {
                out.writeString(2, "n");
            }
        });
        byte[] shape = message(out -> {
            out.writeByteArray(1, dim);
            out.writeByteArray(1, dim);
        });
        byte[] tensor = message(out -> {
            out.writeInt32(1, 1);
            out.writeByteArray(2, shape);
        });
        byte[] type = message(out -> out.writeByteArray(1, tensor));
        return message(out -> {
            out.writeString(1, name);
            out.writeByteArray(2, type);
        });
    }

    private static byte[] message(Fields fields) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(bytes);
        fields.write(out);
        out.flush();
        return bytes.toByteArray();
    }

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }
}
