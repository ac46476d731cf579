package dev.fairlead.model.onnx;

import dev.fairlead.model.fuzz.Fuzzing;
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

<<<<<<< HEAD
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
=======
    /** Whatever happens to the bytes, the answer is a model or a typed error, never another failure. */
    @Property(tries = 400)
    void mutatedFilesAreReadOrRefused(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 10_000) Integer> places,
            @ForAll @Size(min = 4, max = 4) List<Byte> values) {
        byte[] bytes = VALID.clone();
        for (int i = 0; i < places.size(); i++) {
            bytes[places.get(i) % bytes.length] = values.get(i);
        }
        Path nowhere = Path.of("target", "no-such-folder");
        try (Arena arena = Arena.ofConfined()) {
            var model = new OnnxReader(new Wire("f", MemorySegment.ofArray(bytes)), new ExternalData(nowhere, arena))
                    .read();
            assertThat(model.graph().nodes()).isNotNull();
        } catch (ModelException e) {
            assertThat(e).hasMessageStartingWith("f: ");
        }
    }

    private static byte[] valid() {
        try (Arena arena = Arena.ofConfined()) {
            Path folder = Files.createTempDirectory(Path.of("target"), "fuzz");
            Converter.convert(Path.of("src/test/resources/conversion/slice"), folder, Options.defaults());
            return Segments.map(folder.resolve("model.onnx"), arena).toArray(ValueLayout.JAVA_BYTE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
>>>>>>> wa
    }
}
