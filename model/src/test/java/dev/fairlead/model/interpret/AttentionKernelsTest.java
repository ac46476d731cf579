package dev.fairlead.model.interpret;

import static dev.fairlead.model.interpret.OneNode.integers;
import static dev.fairlead.model.interpret.OneNode.normal;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class AttentionKernelsTest {
    private static final long SIZE = 8;

    @Property(tries = 150)
    void agreesWithOnnxRuntime(
            @ForAll @IntRange(max = 1) int packed,
            @ForAll @IntRange(min = 1, max = 2) int keyHeads,
            @ForAll @IntRange(min = 1, max = 3) int shared,
            @ForAll @IntRange(min = 1, max = 4) int queries,
            @ForAll @IntRange(min = 1, max = 5) int keys,
            @ForAll @IntRange(max = 3) int past,
            @ForAll @IntRange(max = 3) int mask,
            @ForAll @IntRange(max = 7) int choices,
            @ForAll long seed)
            throws OrtException {
        Random random = new Random(seed);
        int batch = 2;
        int heads = keyHeads * shared;
        OneNode node = OneNode.of("Attention")
                .opset(24)
                .outputs(past > 0 ? 3 : 1)
                // ONNX Runtime 1.29 forgets the causal mask where there is one query and more than one new key.
                .with("is_causal", queries == 1 && keys > 1 ? 0 : choices & 1);
        if (packed == 1) {
            node.with("q_num_heads", heads)
                    .with("kv_num_heads", keyHeads)
                    .input(normal(random, batch, queries, heads * SIZE))
                    .input(normal(random, batch, keys, keyHeads * SIZE))
                    .input(normal(random, batch, keys, keyHeads * SIZE));
        } else {
            node.input(normal(random, batch, heads, queries, SIZE))
                    .input(normal(random, batch, keyHeads, keys, SIZE))
                    .input(normal(random, batch, keyHeads, keys, SIZE));
        }
        if ((choices & 2) != 0) {
            node.with("softcap", 1.5f);
        }
        if ((choices & 4) != 0) {
            node.with("scale", 0.4f);
        }
        int total = keys + past;
        switch (mask) {
            case 1 -> node.input(normal(random, queries, total));
            case 2 -> node.input(normal(random, batch, 1, queries, total));
            case 3 -> node.input(seen(random, batch, heads, queries, total));
            default -> node.absent();
        }
        node.inputIf(past > 0, normal(random, batch, keyHeads, past, SIZE))
                .inputIf(past > 0, normal(random, batch, keyHeads, past, SIZE))
                .check(1e-5);
    }

    /** Every query sees the first key: of a row that sees none ONNX has NaN, and ONNX Runtime the mean. */
    private static Tensor seen(Random random, long... shape) {
        Tensor mask = integers(random, DType.BOOL, 0, 2, shape);
        for (long i = 0; i < mask.elements(); i += shape[3]) {
            mask.set(i, 1L);
        }
        return mask;
    }
}
