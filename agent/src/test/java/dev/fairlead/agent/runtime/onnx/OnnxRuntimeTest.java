package dev.fairlead.agent.runtime.onnx;

import com.google.protobuf.CodedOutputStream;
import dev.fairlead.agent.runtime.ModelRuntime;
import dev.fairlead.agent.runtime.RuntimeContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class OnnxRuntimeTest extends RuntimeContract {
    @Override
    protected void write(Path model) throws IOException {
        Files.writeString(model.resolve("model.json"), """
                {"format": "onnx", "version": 1, "signature": {
                  "inputs": [{"name": "x", "dtype": "float32", "shape": [2, 2]}],
                  "outputs": [{"name": "y", "dtype": "float32", "shape": [2, 2]}]}}
                """);
        byte[] product = message(out -> {
            out.writeString(1, "x");
            out.writeString(1, "x");
            out.writeString(2, "product");
            out.writeString(4, "MatMul");
        });
        byte[] copy = message(out -> {
            out.writeString(1, "product");
            out.writeString(2, "y");
            out.writeString(4, "Identity");
        });
        byte[] graph = message(out -> {
            out.writeByteArray(1, product);
            out.writeByteArray(1, copy);
            out.writeString(2, "square");
            out.writeByteArray(11, value("x"));
            out.writeByteArray(12, value("y"));
        });
        Files.write(model.resolve("model.onnx"), message(out -> {
            out.writeInt64(1, 10);
            out.writeByteArray(7, graph);
            out.writeByteArray(8, message(opset -> opset.writeInt64(2, 21)));
        }));
    }

    @Override
    protected ModelRuntime runtime() {
        return new OnnxRuntime(new OnnxProvider.Cpu(), OnnxRuntime.Role.STAND_IN);
    }

    @Override
    protected String tap() {
        return "product";
    }

    private static byte[] value(String name) throws IOException {
        byte[] two = message(out -> out.writeInt64(1, 2));
        byte[] shape = message(out -> {
            out.writeByteArray(1, two);
            out.writeByteArray(1, two);
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
