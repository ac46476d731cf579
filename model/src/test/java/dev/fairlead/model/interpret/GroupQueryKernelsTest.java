package dev.fairlead.model.interpret;

import static dev.fairlead.model.interpret.OneNode.longs;
import static dev.fairlead.model.interpret.OneNode.normal;
import static dev.fairlead.model.interpret.OneNode.scalar;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupQueryKernelsTest {
    private static final int HEADS = 4;
    private static final int SHARED = 2;
    private static final long SIZE = 16;

    private final Random random = new Random(11);

    /** Places, past places, packed, rotary, interleaved, window, softcap, sink. */
    @ParameterizedTest
    @CsvSource({
        "5, 0, false, 0, 0, -1, 0, false",
        "5, 0, true, 0, 0, -1, 0, false",
        "5, 0, false, 1, 0, -1, 0, false",
        "5, 0, true, 1, 1, -1, 0, false",
        "6, 0, false, 0, 0, 3, 0, false",
        "5, 0, false, 0, 0, -1, 1.5, false",
        "1, 7, false, 0, 0, -1, 0, false",
        "1, 7, true, 1, 0, -1, 0, false",
        "1, 7, false, 1, 1, 4, 0, false",
        "1, 7, false, 0, 0, -1, 2.0, false",
        "5, 0, false, 0, 0, -1, 0, true",
        "1, 7, false, 1, 0, 3, 0, true"
    })
    void attends(
            int length, int past, boolean packed, long rotary, long interleaved, long window, float cap, boolean sink)
            throws OrtException {
        int batch = 2;
        int total = length + past;
        OneNode node = OneNode.microsoft("GroupQueryAttention")
                .outputs(3)
                .with("num_heads", HEADS)
                .with("kv_num_heads", SHARED)
                .with("do_rotary", rotary)
                .with("rotary_interleaved", interleaved)
                .with("local_window_size", window)
                .with("softcap", cap)
                .input(normal(random, batch, length, SIZE * (packed ? HEADS + 2 * SHARED : HEADS)))
                .inputIf(!packed, normal(random, batch, length, SIZE * SHARED))
                .inputIf(!packed, normal(random, batch, length, SIZE * SHARED))
                .inputIf(past > 0, normal(random, batch, SHARED, past, SIZE))
                .inputIf(past > 0, normal(random, batch, SHARED, past, SIZE))
                .input(longs(DType.INT32, total - 1, total - 1))
                .constant(scalar(DType.INT32, total))
                .inputIf(rotary == 1, normal(random, 32, SIZE / 2))
                .inputIf(rotary == 1, normal(random, 32, SIZE / 2))
                .absent()
                .absent()
                .inputIf(sink, normal(random, HEADS));
        node.check(1e-5);
    }

    @Test
    void sequencesOfOneBatchHaveTheirOwnPast() throws OrtException {
        OneNode.microsoft("GroupQueryAttention")
                .outputs(3)
                .with("num_heads", HEADS)
                .with("kv_num_heads", SHARED)
                .with("do_rotary", 1)
                .input(normal(random, 2, 1, SIZE * HEADS))
                .input(normal(random, 2, 1, SIZE * SHARED))
                .input(normal(random, 2, 1, SIZE * SHARED))
                .input(cache(6, 3, 5))
                .input(cache(6, 3, 5))
                .input(longs(DType.INT32, 3, 5))
                .constant(scalar(DType.INT32, 6))
                .input(normal(random, 32, SIZE / 2))
                .input(normal(random, 32, SIZE / 2))
                .check(1e-5);
    }

    /** A cache of which each sequence fills so many places. */
    private Tensor cache(int places, int... filled) {
        Tensor tensor =
                Tensor.allocate(DType.FLOAT32, List.of((long) filled.length, (long) SHARED, (long) places, SIZE));
        for (long i = 0; i < tensor.elements(); i++) {
            int place = (int) (i / SIZE % places);
            int batch = (int) (i / SIZE / places / SHARED);
            tensor.set(i, place < filled[batch] ? random.nextGaussian() : 0);
        }
        return tensor;
    }

    @Test
    void addsABias() throws OrtException {
        OneNode.microsoft("GroupQueryAttention")
                .outputs(3)
                .with("num_heads", HEADS)
                .with("kv_num_heads", SHARED)
                .with("scale", 0.3f)
                .with("softcap", 2f)
                .input(normal(random, 2, 5, SIZE * HEADS))
                .input(normal(random, 2, 5, SIZE * SHARED))
                .input(normal(random, 2, 5, SIZE * SHARED))
                .absent()
                .absent()
                .input(longs(DType.INT32, 4, 4))
                .constant(scalar(DType.INT32, 5))
                .absent()
                .absent()
                .absent()
                .input(normal(random, 2, 1, 5, 5))
                .check(1e-5);
    }
}
