package dev.fairlead.model.coreml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CoremlFuzzTest {
    private static final List<Path> PACKAGES = Stream.of(
                    "convolution", "compressed", "counter", "flow", "ranged", "classifier", "functions")
            .map(name -> Path.of("src/test/resources/coreml", name + ".mlpackage", "Data/com.apple.CoreML"))
            .toList();
    private static final List<byte[]> VALID =
            PACKAGES.stream().map(CoremlFuzzTest::bytes).toList();

    /** Whatever happens to the bytes, the answer is a model or a typed error, never another failure. */
    @Property(tries = 700)
    void mutatedFilesAreReadOrRefused(
            @ForAll @IntRange(max = 6) int which,
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 20_000) Integer> places,
            @ForAll @Size(min = 4, max = 4) List<Byte> values,
            @ForAll @IntRange(max = 40_000) int cut) {
        byte[] valid = VALID.get(which);
        byte[] bytes = cut < valid.length ? Arrays.copyOf(valid, cut) : valid.clone();
        for (int i = 0; i < places.size() && bytes.length > 0; i++) {
            bytes[places.get(i) % bytes.length] = values.get(i);
        }
        try (Arena arena = Arena.ofConfined()) {
            WeightFiles weights = new WeightFiles(Optional.of(new Contained(PACKAGES.get(which))), arena);
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
