package dev.fairlead.model.interpret;

import static dev.fairlead.model.interpret.OneNode.integers;
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
import org.junit.jupiter.params.provider.ValueSource;

class MicrosoftKernelsTest {
    private final Random random = new Random(7);

    @ParameterizedTest
    @ValueSource(strings = {"Gelu", "QuickGelu", "FastGelu"})
    void activations(String op) throws OrtException {
        OneNode.microsoft(op).input(normal(random, 3, 40)).check();
    }

    @Test
    void biasedActivations() throws OrtException {
        OneNode.microsoft("BiasGelu")
                .input(normal(random, 2, 5))
                .input(normal(random, 5))
                .check();
        OneNode.microsoft("FastGelu")
                .input(normal(random, 2, 5))
                .input(normal(random, 5))
                .check();
        OneNode.microsoft("QuickGelu")
                .with("alpha", 1.25f)
                .input(normal(random, 2, 5))
                .check();
    }

    @Test
    void inverses() throws OrtException {
        OneNode.microsoft("Inverse").input(normal(random, 2, 3, 4, 4)).check(1e-4);
        // The first pivot is zero.
        OneNode.microsoft("Inverse")
                .input(Tensor.ofFloats(List.of(3L, 3L), 0, 2, 1, 1, 1, 0, 3, 0, 1))
                .check();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 1", "1, 0", "1, 1"})
    void fusedMatMul(long transA, long transB) throws OrtException {
        OneNode.microsoft("FusedMatMul")
                .with("transA", transA)
                .with("transB", transB)
                .with("alpha", 0.5f)
                .input(transA == 0 ? normal(random, 2, 3, 4) : normal(random, 2, 4, 3))
                .input(transB == 0 ? normal(random, 2, 4, 5) : normal(random, 2, 5, 4))
                .check();
    }

    @ParameterizedTest
    @CsvSource({"2, NONE", "4, NONE", "8, NONE", "2, PACKED", "4, PACKED", "8, PACKED", "4, FLOAT"})
    void matMulNBits(int bits, String zeroPoints) throws OrtException {
        int block = 16;
        int inner = 48;
        int blocks = 3;
        OneNode node = OneNode.microsoft("MatMulNBits")
                .with("K", inner)
                .with("N", 5)
                .with("bits", bits)
                .with("block_size", block)
                .input(normal(random, 2, 3, inner))
                .constant(integers(random, DType.UINT8, 0, 256, 5, blocks, block * bits / 8))
                .constant(normal(random, 5, blocks));
        switch (zeroPoints) {
            case "PACKED" -> node.constant(integers(random, DType.UINT8, 0, 256, 5, (blocks * bits + 7) / 8));
            case "FLOAT" -> node.constant(normal(random, 5, blocks));
            default -> node.absent();
        }
        node.absent().constant(normal(random, 5)).check(1e-5);
    }

    @ParameterizedTest
    @CsvSource({"UINT8, 4", "UINT8, 8"})
    void gatherBlockQuantized(DType dtype, int bits) throws OrtException {
        OneNode.microsoft("GatherBlockQuantized")
                .with("bits", bits)
                .with("block_size", 16)
                .constant(integers(random, dtype, 0, 256, 6, 32 * bits / 8))
                .input(integers(random, DType.INT64, -6, 6, 2, 3))
                .constant(normal(random, 6, 2))
                .check();
        OneNode.microsoft("GatherBlockQuantized")
                .with("bits", bits)
                .with("block_size", 16)
                .constant(integers(random, dtype, 0, 256, 6, 32 * bits / 8))
                .input(integers(random, DType.INT64, 0, 6, 4))
                .constant(normal(random, 6, 2))
                .constant(integers(random, dtype, 0, 256, 6, 2 * bits / 8))
                .check();
    }

    @Test
    void gathersPackedIntegers() throws OrtException {
        for (DType dtype : List.of(DType.INT4, DType.UINT4)) {
            int low = dtype == DType.INT4 ? -8 : 0;
            OneNode.microsoft("GatherBlockQuantized")
                    .with("block_size", 16)
                    .with("quantize_axis", 1)
                    .constant(integers(random, dtype, low, low + 16, 4, 40))
                    .input(integers(random, DType.INT64, -4, 4, 2, 2))
                    .constant(normal(random, 4, 3))
                    .constant(integers(random, dtype, low, low + 16, 4, 3))
                    .check();
            OneNode.microsoft("GatherBlockQuantized")
                    .with("block_size", 16)
                    .with("quantize_axis", 0)
                    .with("gather_axis", 1)
                    .constant(integers(random, dtype, low, low + 16, 20, 4))
                    .input(integers(random, DType.INT64, 0, 4, 3))
                    .constant(normal(random, 2, 4))
                    .check();
        }
    }

    @Test
    void skipLayerNormalization() throws OrtException {
        for (boolean bias : new boolean[] {false, true}) {
            OneNode.microsoft("SkipLayerNormalization")
                    .with("epsilon", 1e-3f)
                    .input(normal(random, 2, 3, 8))
                    .input(normal(random, 2, 3, 8))
                    .input(normal(random, 8))
                    .input(normal(random, 8))
                    .inputIf(bias, normal(random, 8))
                    .check();
            OneNode.microsoft("SkipSimplifiedLayerNormalization")
                    .input(normal(random, 2, 3, 8))
                    .input(normal(random, 2, 3, 8))
                    .input(normal(random, 8))
                    .inputIf(bias, normal(random, 8))
                    .check();
        }
    }

    @Test
    void simplifiedLayerNormalization() throws OrtException {
        OneNode.of("SimplifiedLayerNormalization")
                .with("axis", -1)
                .input(normal(random, 2, 3, 8))
                .input(normal(random, 8))
                .check();
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 3", "1, 0, 3", "0, 8, 3", "1, 8, 3", "0, 0, 4", "0, 8, 4"})
    void rotaryEmbedding(long interleaved, int partial, int rank) throws OrtException {
        int size = partial == 0 ? 16 : partial;
        OneNode node = OneNode.microsoft("RotaryEmbedding")
                .with("interleaved", interleaved)
                .input(rank == 3 ? normal(random, 2, 5, 48) : normal(random, 2, 3, 5, 16))
                .input(integers(random, DType.INT64, 0, 20, 2, 5))
                .input(normal(random, 20, size / 2))
                .input(normal(random, 20, size / 2));
        if (partial > 0) {
            node.with("rotary_embedding_dim", partial).with("num_heads", 3);
        }
        node.check();
        OneNode.microsoft("RotaryEmbedding")
                .input(normal(random, 2, 5, 48))
                .input(longs(DType.INT64, 4))
                .input(normal(random, 20, 8))
                .input(normal(random, 20, 8))
                .check();
    }

    @Test
    void fusedConv() throws OrtException {
        OneNode.microsoft("FusedConv")
                .with("activation", "LeakyRelu")
                .with("activation_params", new dev.fairlead.model.graph.Attribute.Reals(List.of(0.3f)))
                .ints("pads", 1, 1, 1, 1)
                .input(normal(random, 1, 3, 5, 5))
                .input(normal(random, 4, 3, 3, 3))
                .input(normal(random, 4))
                .check();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bilinear", "nearest"})
    void cropAndResize(String mode) throws OrtException {
        OneNode.microsoft("CropAndResize")
                .with("mode", mode)
                .with("extrapolation_value", 7f)
                .input(normal(random, 2, 3, 6, 5))
                .input(Tensor.ofFloats(List.of(3L, 4L), 0.12f, 0.2f, 0.87f, 0.8f, -0.25f, 0f, 1.3f, 1f, 0f, 0f, 1f, 1f))
                .input(longs(DType.INT32, 0, 1, 1))
                .input(longs(DType.INT32, 4, 3))
                .check(1e-5);
    }

    @ParameterizedTest
    @CsvSource({"QLinearAdd, UINT8", "QLinearAdd, INT8", "QLinearMul, UINT8", "QLinearMul, INT8"})
    void quantizedArithmetic(String op, DType dtype) throws OrtException {
        int low = dtype == DType.INT8 ? -128 : 0;
        OneNode.microsoft(op)
                .input(integers(random, dtype, low, low + 256, 3, 1, 5))
                .constant(scalar(DType.FLOAT32, 0.0173))
                .constant(scalar(dtype, low + 120))
                .input(integers(random, dtype, low, low + 256, 2, 5))
                .constant(scalar(DType.FLOAT32, 0.0211))
                .constant(scalar(dtype, low + 131))
                .constant(scalar(DType.FLOAT32, 0.0317))
                .constant(scalar(dtype, low + 125))
                .check();
    }

    @ParameterizedTest
    @ValueSource(strings = {"QLinearSigmoid", "QLinearLeakyRelu", "QLinearGlobalAveragePool"})
    void quantizedFunctions(String op) throws OrtException {
        OneNode.microsoft(op)
                .input(integers(random, DType.UINT8, 0, 256, 2, 3, 4, 4))
                .constant(scalar(DType.FLOAT32, 0.0173))
                .constant(scalar(DType.UINT8, 120))
                .constant(scalar(DType.FLOAT32, 0.0111))
                .constant(scalar(DType.UINT8, 3))
                .check();
    }
}
