package dev.fairlead.model.interpret;

import static dev.fairlead.model.interpret.OneNode.longs;
import static dev.fairlead.model.interpret.OneNode.normal;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ONNX Runtime has neither {@code layout} on the CPU nor {@code input_forget} with peepholes; the wheel's cases hold the first. */
class RecurrentKernelsTest {
    private static final Map<String, Integer> GATES = Map.of("RNN", 1, "GRU", 3, "LSTM", 4);

    @Property(tries = 150)
    void agreesWithOnnxRuntime(
            @ForAll @IntRange(max = 2) int operator,
            @ForAll @IntRange(max = 2) int direction,
            @ForAll @IntRange(max = 63) int choices,
            @ForAll @IntRange(min = 1, max = 4) int steps,
            @ForAll @IntRange(min = 1, max = 3) int batch,
            @ForAll @IntRange(min = 1, max = 5) int hidden,
            @ForAll long seed)
            throws OrtException {
        Random random = new Random(seed);
        String op = List.of("RNN", "GRU", "LSTM").get(operator);
        int directions = direction == 2 ? 2 : 1;
        long gates = Objects.requireNonNull(GATES.get(op));
        int inputs = 3;
        boolean lengths = (choices & 1) != 0;
        boolean lstm = op.equals("LSTM");
        OneNode node = OneNode.of(op)
                .outputs(lstm ? 3 : 2)
                .with("hidden_size", hidden)
                .with(
                        "direction",
                        List.of("forward", "reverse", "bidirectional").get(direction))
                .input(normal(random, steps, batch, inputs))
                .constant(normal(random, directions, gates * hidden, inputs))
                .constant(normal(random, directions, gates * hidden, hidden))
                .inputIf((choices & 2) != 0, normal(random, directions, 2 * gates * hidden))
                .inputIf(lengths, lengths(random, batch, steps))
                .inputIf((choices & 4) != 0, normal(random, directions, batch, hidden))
                .inputIf(lstm && (choices & 8) != 0, normal(random, directions, batch, hidden))
                .inputIf(lstm && (choices & 16) != 0, normal(random, directions, 3L * hidden));
        if (op.equals("GRU")) {
            node.with("linear_before_reset", (choices & 8) == 0 ? 0 : 1);
        }
        if ((choices & 32) != 0) {
            node.with("clip", 0.6f);
        }
        node.check(1e-5);
    }

    private static dev.fairlead.model.tensor.Tensor lengths(Random random, int batch, int steps) {
        long[] lengths = random.longs(batch, 1, steps + 1).toArray();
        lengths[0] = steps;
        return longs(DType.INT32, lengths);
    }

    @ParameterizedTest
    @CsvSource({
        "Affine, 0.5, 0.25",
        "LeakyRelu, 0.2, 0",
        "ThresholdedRelu, 0.3, 0",
        "ScaledTanh, 0.7, 1.3",
        "HardSigmoid, 0.3, 0.4",
        "Elu, 0.6, 0",
        "Softsign, 0, 0",
        "Softplus, 0, 0",
        "Relu, 0, 0"
    })
    void activations(String name, float alpha, float beta) throws OrtException {
        Random random = new Random(5);
        OneNode.of("RNN")
                .outputs(2)
                .with("hidden_size", 4)
                .with("activations", new Attribute.Texts(List.of(name)))
                .with("activation_alpha", new Attribute.Reals(List.of(alpha)))
                .with("activation_beta", new Attribute.Reals(List.of(beta)))
                .input(normal(random, 3, 2, 3))
                .constant(normal(random, 1, 4, 3))
                .constant(normal(random, 1, 4, 4))
                .check(1e-5);
    }
}
