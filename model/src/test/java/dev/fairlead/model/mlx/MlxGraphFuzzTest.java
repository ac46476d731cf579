package dev.fairlead.model.mlx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.fuzz.Fuzzing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlxGraphFuzzTest {
    @TempDir
    private Path folder;

    /** The seeds are graphs that the exporter traced from MLX functions. */
    @Test
    void damagedGraphsAreReadOrRefused() throws IOException {
        Path file = folder.resolve("graph.json");
        Fuzzing.run("mlx-graph", seeds(), bytes -> {
            write(file, bytes);
            MlxGraph graph = MlxGraphReader.read(file);
            assertThat(graph.values().keySet())
                    .containsAll(graph.inputs().stream().map(MlxValue::name).toList());
        });
    }

    private static List<byte[]> seeds() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("src/test/resources/conversion"))) {
            List<byte[]> seeds = new ArrayList<>();
            for (Path path :
                    all.filter(path -> path.endsWith("graph.json")).sorted().toList()) {
                seeds.add(Files.readAllBytes(path));
            }
            assertThat(seeds).isNotEmpty();
            return seeds;
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
