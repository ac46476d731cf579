package dev.fairlead.model.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ModelException;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SafetensorsFuzzTest {
    private static final byte[] VALID = valid();

    /** Whatever happens to the bytes, the answer is a file or a typed error, never another failure. */
    @SuppressWarnings("MustBeClosedChecker") // closed by what it is handed to
    @Property(tries = 2000)
    void mutatedFilesAreReadOrRefused(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 400) Integer> places,
            @ForAll @Size(min = 4, max = 4) List<Byte> values,
            @ForAll @IntRange(max = 400) int cut) {
        byte[] bytes = VALID.clone();
        for (int i = 0; i < places.size(); i++) {
            bytes[places.get(i) % bytes.length] = values.get(i);
        }
        int length = cut < bytes.length ? bytes.length - cut / 8 : bytes.length;
        MemorySegment file = MemorySegment.ofArray(bytes).asSlice(0, length);
        try (Safetensors read = Safetensors.read(file, "f", Arena.ofShared())) {
            long total = read.tensors().values().stream()
                    .mapToLong(t -> t.data().byteSize())
                    .sum();
            assertThat(total).isLessThan(length);
        } catch (ModelException e) {
            assertThat(e).hasMessageStartingWith("f: ");
        }
    }

    private static byte[] valid() {
        try {
            Path file = Files.createTempFile("valid", ".safetensors");
            SafetensorsWriter.write(
                    file,
                    Map.of("a", Tensor.ofFloats(List.of(2L, 2L), 1, 2, 3, 4), "b", Tensor.ofLongs(List.of(), 1)),
                    Map.of("format", "mlx"));
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
