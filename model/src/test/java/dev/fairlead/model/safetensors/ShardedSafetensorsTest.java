package dev.fairlead.model.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.ModelException;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedSafetensorsTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void writesTwoFiles() {
        SafetensorsWriter.write(
                folder.resolve("one.safetensors"),
                Map.of("a", Tensor.ofLongs(List.of(), 1), "b", Tensor.ofLongs(List.of(), 2)),
                Map.of());
        SafetensorsWriter.write(folder.resolve("two.safetensors"), Map.of("c", Tensor.ofLongs(List.of(), 3)), Map.of());
    }

    @Test
    void findsEachTensorInItsFile() throws IOException {
        index("{\"a\":\"one.safetensors\",\"c\":\"two.safetensors\",\"b\":\"one.safetensors\"}");
        try (ShardedSafetensors read = ShardedSafetensors.open(folder.resolve("index.json"))) {
            assertThat(read.tensors()).hasSize(3);
            assertThat(read.tensors().values())
                    .extracting(tensor -> tensor.longAt(0))
                    .containsExactly(1L, 2L, 3L);
        }
    }

    @Test
    void refusesAnIndexThatDisagreesWithItsFiles() throws IOException {
        index("{\"a\":\"one.safetensors\"}");
        refuses("one.safetensors: \"b\": index.json does not say that it is here");
        index("{\"a\":\"two.safetensors\",\"c\":\"two.safetensors\"}");
        refuses("two.safetensors: \"a\": the file has no such tensor");
        index("{\"a\":\"none\"}");
        refuses("index.json: weight_map: \"none\" does not exist");
    }

    @Test
    void refusesPathsThatLeadOut() throws IOException {
        index("{\"a\":\"../one.safetensors\"}");
        refuses("index.json: weight_map: \"../one.safetensors\" is no path inside the model's folder");
        index("{\"a\":\"/etc/hosts\"}");
        refuses("index.json: weight_map: \"/etc/hosts\" is no path inside the model's folder");
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("one.safetensors"));
        index("{\"a\":\"link\"}");
        refuses("index.json: weight_map: \"link\" is a link, or lies behind one");
    }

    private void index(String map) throws IOException {
        Files.writeString(
                folder.resolve("index.json"), "{\"metadata\":{\"total_size\":24},\"weight_map\":" + map + "}");
    }

    private void refuses(String message) {
        assertThatThrownBy(() -> ShardedSafetensors.open(folder.resolve("index.json")))
                .isInstanceOf(ModelException.class)
                .hasMessage(message);
    }
}
