package dev.fairlead.model.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.fuzz.Fuzzing;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFuzzTest {
    @TempDir
    private Path folder;

    @Test
    @SuppressWarnings("MustBeClosedChecker") // closed by what it is handed to
    void damagedFilesAreReadOrRefused() throws IOException {
        Path written = folder.resolve("written");
        SafetensorsWriter.write(
                written,
                Map.of("a", Tensor.ofFloats(List.of(2L, 2L), 1, 2, 3, 4), "b", Tensor.ofLongs(List.of(), 1)),
                Map.of("format", "mlx"));
        List<byte[]> seeds = new ArrayList<>(Fuzzing.files(Path.of("src/test/resources/safetensors")));
        seeds.add(Files.readAllBytes(written));
        Fuzzing.run("safetensors", seeds, bytes -> {
            try (Safetensors read = Safetensors.read(MemorySegment.ofArray(bytes), "f", Arena.ofShared())) {
                long total = read.tensors().values().stream()
                        .mapToLong(tensor -> tensor.data().byteSize())
                        .sum();
                assertThat(total).isLessThan(bytes.length);
            }
        });
    }
}
