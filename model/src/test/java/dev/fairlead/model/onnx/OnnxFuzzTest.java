package dev.fairlead.model.onnx;

import dev.fairlead.model.fuzz.Fuzzing;
import dev.fairlead.model.protobuf.Wire;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxFuzzTest {
    @TempDir
    private Path folder;

    /** The seeds, written by the package onnx (src/test/python/make_onnx.py), use nearly every message of the format. */
    @Test
    void damagedFilesAreReadOrRefused() throws IOException {
        Files.write(folder.resolve("away.data"), new byte[8]);
        Fuzzing.run("onnx", Fuzzing.files(Path.of("src/test/resources/seeds/onnx")), bytes -> {
            try (Arena arena = Arena.ofConfined()) {
                Wire wire = new Wire("f", MemorySegment.ofArray(bytes));
                new OnnxReader(wire, new ExternalData(folder, arena)).read();
            }
        });
    }
}
