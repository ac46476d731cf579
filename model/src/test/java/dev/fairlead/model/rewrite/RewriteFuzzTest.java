package dev.fairlead.model.rewrite;

import dev.fairlead.model.fuzz.Fuzzing;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.onnx.OnnxFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RewriteFuzzTest {
    @TempDir
    private Path folder;

    /** What the reader lets through may still be nonsense to an operator. */
    @Test
    void damagedModelsAreRewrittenOrRefused() throws IOException {
        Files.write(folder.resolve("away.data"), new byte[8]);
        Path model = folder.resolve("f");
        Fuzzing.run("rewrite", Fuzzing.files(Path.of("src/test/resources/seeds/onnx")), bytes -> {
            write(model, bytes);
            try (OnnxFile file = OnnxFile.open(model)) {
                Model inferred = ShapeInference.infer(file.model());
                DeadCode.remove(ConstantFolding.fold(inferred, 1 << 16));
            }
        });
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
