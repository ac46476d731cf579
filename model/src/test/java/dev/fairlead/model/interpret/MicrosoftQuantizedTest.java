package dev.fairlead.model.interpret;

import static dev.fairlead.model.interpret.OneNode.integers;
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
import org.junit.jupiter.params.provider.ValueSource;

class MicrosoftQuantizedTest {
    private final Random random = new Random(17);

    private Tensor bytes(long... shape) {
        return integers(random, DType.UINT8, 0, 256, shape);
    }

    private static Tensor scale(double value) {
        return scalar(DType.FLOAT32, value);
    }

    private static Tensor zero(long value) {
        return scalar(DType.UINT8, (double) value);
    }

    @Test
    void concat() throws OrtException {
        OneNode.microsoft("QLinearConcat")
                .with("axis", 1)
                .constant(scale(0.0317))
                .constant(zero(120))
                .input(bytes(2, 3))
                .constant(scale(0.0211))
                .constant(zero(100))
                .input(bytes(2, 4))
                .constant(scale(0.0417))
                .constant(zero(130))
                .check();
    }

    @Test
    void where() throws OrtException {
        OneNode.microsoft("QLinearWhere")
                .input(integers(random, DType.BOOL, 0, 2, 2, 5))
                .input(bytes(2, 5))
                .constant(scale(0.0317))
                .constant(zero(120))
                .input(bytes(1, 5))
                .constant(scale(0.0211))
                .constant(zero(100))
                .constant(scale(0.0417))
                .constant(zero(3))
                .check();
    }

    @Test
    void products() throws OrtException {
        OneNode.microsoft("MatMulIntegerToFloat")
                .input(bytes(2, 3, 5))
                .input(bytes(5, 4))
                .input(scale(0.0317))
                .input(scale(0.0211))
                .input(zero(120))
                .input(zero(100))
                .input(normal(random, 4))
                .check();
        OneNode.microsoft("DynamicQuantizeMatMul")
                .input(normal(random, 3, 5))
                .input(bytes(5, 4))
                .input(scale(0.0317))
                .input(zero(120))
                .input(normal(random, 4))
                .check(1e-5);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, true", "1, 0, true", "0, 1, true", "1, 1, false"})
    void gemm(long transA, long transB, boolean quantized) throws OrtException {
        OneNode.microsoft("QGemm")
                .with("transA", transA)
                .with("transB", transB)
                .with("alpha", 1.5f)
                .input(transA == 0 ? bytes(3, 5) : bytes(5, 3))
                .constant(scale(0.0317))
                .constant(zero(120))
                .input(transB == 0 ? bytes(5, 4) : bytes(4, 5))
                .constant(scale(0.0211))
                .constant(zero(100))
                .constant(integers(random, DType.INT32, -999, 999, 4))
                .inputIf(quantized, scale(0.11))
                .inputIf(quantized, zero(7))
                .check();
    }

    @ParameterizedTest
    @ValueSource(strings = {"relu", "gelu", "silu", "identity"})
    void experts(String activation) throws OrtException {
        OneNode.microsoft("MoE")
                .with("k", 2)
                .with("activation_type", activation)
                .with("normalize_routing_weights", 1)
                .input(normal(random, 4, 8))
                .input(normal(random, 4, 3))
                .input(normal(random, 3, 16, 8))
                .input(normal(random, 3, 16))
                .input(normal(random, 3, 8, 16))
                .input(normal(random, 3, 8))
                .check(1e-5);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, false", "1, 0, false", "0, 3, false", "1, 0, true"})
    void attention(long causal, int past, boolean added) throws OrtException {
        OneNode.microsoft("Attention")
                .outputs(past > 0 ? 2 : 1)
                .with("num_heads", 3)
                .with("unidirectional", causal)
                .input(normal(random, 2, 4, 12))
                .constant(normal(random, 12, 36))
                .constant(normal(random, 36))
                .absent()
                .inputIf(past > 0, normal(random, 2, 2, 3, past, 4))
                .inputIf(added, normal(random, 2, 3, 4, 4L + past))
                .check(1e-5);
    }

    @Test
    void attentionOverPaddedSequences() throws OrtException {
        OneNode.microsoft("Attention")
                .with("num_heads", 3)
                .input(normal(random, 2, 4, 12))
                .constant(normal(random, 12, 36))
                .constant(normal(random, 36))
                .input(Tensor.allocate(DType.INT32, List.of(2L)))
                .check(1e-2);
    }
}
