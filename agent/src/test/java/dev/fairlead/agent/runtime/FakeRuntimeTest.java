package dev.fairlead.agent.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class FakeRuntimeTest extends RuntimeContract {
    @Override
    protected void write(Path model) throws IOException {
        write(model, "2", 1);
    }

    @Override
    protected void writeChain(Path model) throws IOException {
        write(model, "\"n\"", CHAIN);
    }

    private static void write(Path model, String size, int products) throws IOException {
        Files.writeString(model.resolve("model.json"), """
                {"format": "onnx", "version": 1, "signature": {
                  "inputs": [{"name": "x", "dtype": "float32", "shape": [SIZE, SIZE]}],
                  "outputs": [{"name": "y", "dtype": "float32", "shape": [SIZE, SIZE]}]}}
                """.replace("SIZE", size));
        Files.writeString(model.resolve(FakeRuntime.FILE), Integer.toString(products));
    }

    @Override
    protected ModelRuntime runtime() {
        return new FakeRuntime();
    }

    @Override
    protected String tap() {
        return FakeRuntime.TAP;
    }
}
