package dev.fairlead.model.coreml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ModelException;
import dev.fairlead.model.fuzz.Fuzzing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CoremlFuzzTest {
    private static final List<Path> PACKAGES = Stream.of(
                    "convolution", "compressed", "counter", "flow", "ranged", "classifier", "functions")
            .map(name -> Path.of("src/test/resources/coreml", name + ".mlpackage", "Data/com.apple.CoreML"))
            .toList();
    /** Whatever happens to the bytes, the answer is a model or a typed error, whichever package's weights lie beside them. */
    @Test
    void damagedProgramsAreReadOrRefused() {
        List<byte[]> seeds = PACKAGES.stream().map(CoremlFuzzTest::bytes).toList();
        Fuzzing.run("coreml", seeds, bytes -> PACKAGES.forEach(folder -> read(bytes, folder)));
    }

    private static void read(byte[] bytes, Path folder) {
        try (Arena arena = Arena.ofConfined()) {
            WeightFiles weights = new WeightFiles(Optional.of(new Contained(folder)), arena);
            var model = new ModelReader("f", MemorySegment.ofArray(bytes), weights).read();
            assertThat(model.program().functions()).isNotNull();
        } catch (ModelException e) {
            assertThat(e).hasMessageStartingWith("f: ");
        }
    }

    private static byte[] bytes(Path folder) {
        try {
            return Files.readAllBytes(folder.resolve("model.mlmodel"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
