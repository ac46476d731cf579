package dev.fairlead.agent.mac.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden folders: what MLX gave in Python, it gives through the runtime. */
class GoldenIT {
    // Another processor's MLX may sum in another order.
    private static final double TOLERANCE = 1e-5;

    @ParameterizedTest
    @ValueSource(strings = {"cnn", "encoder"})
    void givesTheGoldenOutputs(String name) throws Exception {
        var python = TestPython.open();
        try (var session = python.runtime().load(python.golden(name));
                var inputs = Safetensors.open(python.golden(name + "-suite").resolve("golden.safetensors"));
                var outputs = Safetensors.open(python.golden(name + "-outputs").resolve("outputs.safetensors"))) {
            Map<String, Map<String, Tensor>> wanted = byCase(outputs);
            Map<String, Map<String, Tensor>> given = byCase(inputs);

            assertThat(given.keySet()).hasSizeGreaterThan(2).isEqualTo(wanted.keySet());
            for (Map.Entry<String, Map<String, Tensor>> one : given.entrySet()) {
                Map<String, Tensor> found = session.run(one.getValue(), List.of());
                Objects.requireNonNull(wanted.get(one.getKey()))
                        .forEach((output, tensor) ->
                                assertClose(Objects.requireNonNull(found.get(output), output), tensor));
            }
        }
    }

    private static Map<String, Map<String, Tensor>> byCase(Safetensors file) {
        Map<String, Map<String, Tensor>> cases = new TreeMap<>();
        file.tensors().forEach((key, tensor) -> {
            int slash = key.indexOf('/');
            cases.computeIfAbsent(key.substring(0, slash), id -> new HashMap<>())
                    .put(key.substring(slash + 1), tensor);
        });
        return cases;
    }

    private static void assertClose(Tensor found, Tensor wanted) {
        assertThat(found.shape()).isEqualTo(wanted.shape());
        for (long i = 0; i < Tensor.elements(wanted.shape()); i++) {
            double value = wanted.doubleAt(i);
            assertThat(found.doubleAt(i)).isCloseTo(value, within(TOLERANCE * Math.max(1, Math.abs(value))));
        }
    }
}
