package dev.fairlead.model.lift.mlx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.fuzz.Fuzzing;
import dev.fairlead.model.lift.Lift;
import dev.fairlead.model.mlx.MlxGraph;
import dev.fairlead.model.mlx.MlxGraphReader;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.safetensors.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlxLiftFuzzTest {
    @TempDir
    private Path folder;

    /** What the reader lets through may still be nonsense to a rule; the weights are those of the undamaged graph. */
    @Test
    void damagedGraphsAreLiftedOrRefused() throws IOException {
        Path file = folder.resolve("graph.json");
        List<byte[]> seeds = new ArrayList<>();
        List<Safetensors> weights = new ArrayList<>();
        for (Path model : models()) {
            seeds.add(Files.readAllBytes(model.resolve("graph.json")));
            weights.add(Safetensors.open(model.resolve("weights.safetensors")));
        }
        Fuzzing.run("mlx-lift", seeds, bytes -> {
            write(file, bytes);
            MlxGraph graph = MlxGraphReader.read(file);
            List<String> constants =
                    graph.constants().stream().map(MlxValue::name).toList();
            weights.stream()
                    .filter(all -> all.tensors().keySet().containsAll(constants))
                    .findFirst()
                    .ifPresent(all -> lift(graph, all));
        });
        weights.forEach(Safetensors::close);
    }

    private static void lift(MlxGraph graph, Safetensors weights) {
        try (Arena arena = Arena.ofConfined()) {
            Lift lift = MlxLift.lift(graph, weights, arena, "test");
            assertThat(lift).isNotNull();
        }
    }

    private static List<Path> models() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("src/test/resources/conversion"))) {
            return all.filter(path -> Files.exists(path.resolve("graph.json")))
                    .sorted()
                    .toList();
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
