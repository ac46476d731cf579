package dev.fairlead.model.interpret;

import static dev.fairlead.model.interpret.OneNode.integers;
import static dev.fairlead.model.interpret.OneNode.longs;
import static dev.fairlead.model.interpret.OneNode.normal;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MultiHeadKernelsTest {
    private final Random random = new Random(13);

    /** Bias of the projections, rank of the padding mask, bias of the scores, past places, causal. */
    @ParameterizedTest
    @CsvSource({
        "false, 0, false, 0, 0",
        "true, 0, false, 0, 0",
        "false, 1, false, 0, 0",
        "false, 2, false, 0, 0",
        "false, 3, false, 0, 0",
        "false, 0, true, 0, 0",
        "true, 2, true, 0, 0",
        "false, 0, false, 3, 0",
        "false, 0, false, 0, 1",
        "false, 0, true, 3, 1"
    })
    void attends(boolean bias, int mask, boolean added, int past, long causal) throws OrtException {
        int total = 5 + past;
        OneNode node = OneNode.microsoft("MultiHeadAttention")
                .outputs(past > 0 ? 3 : 1)
                .with("num_heads", 3)
                .with("unidirectional", causal)
                .input(normal(random, 2, 5, 24))
                .input(normal(random, 2, 5, 24))
                .input(normal(random, 2, 5, 24))
                .inputIf(bias, normal(random, 72));
        switch (mask) {
            case 1 -> node.input(longs(DType.INT32, 3, 5));
            case 2 -> node.input(mask(2, total));
            case 3 -> node.input(mask(2, 5, total));
            default -> node.absent();
        }
        node.inputIf(added, normal(random, 1, 3, 5, total))
                .inputIf(past > 0, normal(random, 2, 3, past, 8))
                .inputIf(past > 0, normal(random, 2, 3, past, 8))
                .check(1e-5);
    }

    /** Some keys, of every query the first: scores that are all made small are rounded to a thousandth in float32. */
    private Tensor mask(long... shape) {
        Tensor mask = integers(random, DType.INT32, 0, 2, shape);
        for (long i = 0; i < mask.elements(); i += shape[shape.length - 1]) {
            mask.set(i, 1L);
        }
        return mask;
    }

    @Test
    void takesPackedInputs() throws OrtException {
        OneNode.microsoft("MultiHeadAttention")
                .with("num_heads", 3)
                .input(normal(random, 2, 5, 24))
                .input(normal(random, 2, 6, 24))
                .input(normal(random, 2, 6, 12))
                .check(1e-5);
        OneNode.microsoft("MultiHeadAttention")
                .with("num_heads", 3)
                .with("scale", 0.2f)
                .input(normal(random, 2, 5, 24))
                .input(normal(random, 2, 3, 6, 8))
                .input(normal(random, 2, 3, 6, 8))
                .check(1e-5);
    }
}
