package dev.fairlead.model.interpret;

import static dev.fairlead.model.interpret.OneNode.integers;
import static dev.fairlead.model.interpret.OneNode.normal;
import static dev.fairlead.model.interpret.OneNode.scalar;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions and settings that the wheel has no case for. */
class OpsetsTest {
    private final Random random = new Random(19);

    @ParameterizedTest
    @ValueSource(strings = {"nearest", "linear"})
    void upsample(String mode) throws OrtException {
        OneNode.of("Upsample")
                .opset(7)
                .with("mode", mode)
                .with("scales", new Attribute.Reals(List.of(1f, 1f, 2f, 3f)))
                .input(normal(random, 1, 2, 3, 4))
                .check();
        OneNode.of("Upsample")
                .opset(9)
                .with("mode", mode)
                .input(normal(random, 1, 2, 3, 4))
                .constant(Tensor.ofFloats(List.of(4L), 1, 1, 3, 2))
                .check();
        OneNode.of("Resize")
                .opset(10)
                .with("mode", mode)
                .input(normal(random, 1, 2, 9, 7))
                .constant(Tensor.ofFloats(List.of(4L), 1, 1, 0.43f, 2.3f))
                .check(1e-5);
    }

    @ParameterizedTest
    @CsvSource({"linear, 4, 5", "cubic, 4, 5", "linear, 13, 3", "cubic, 13, 3"})
    void resizesSmoothly(String mode, long height, long width) throws OrtException {
        OneNode.of("Resize")
                .with("mode", mode)
                .with("antialias", 1)
                .with("exclude_outside", 1)
                .input(normal(random, 1, 2, 9, 9))
                .absent()
                .absent()
                .constant(Tensor.ofLongs(List.of(4L), 1, 2, height, width))
                .check(1e-4);
    }

    @Test
    void resizesByScales() throws OrtException {
        for (String transform : List.of("half_pixel", "pytorch_half_pixel", "asymmetric", "tf_half_pixel_for_nn")) {
            OneNode.of("Resize")
                    .opset(11)
                    .with("mode", transform.startsWith("tf") ? "nearest" : "linear")
                    .with("coordinate_transformation_mode", transform)
                    .input(normal(random, 1, 2, 9, 9))
                    .constant(Tensor.allocate(DType.FLOAT32, List.of(0L)))
                    .constant(Tensor.ofFloats(List.of(4L), 1, 1, 1.37f, 0.61f))
                    .check(1e-5);
        }
    }

    @Test
    void batchNormalization() throws OrtException {
        for (long opset : new long[] {7, 9, 14, 15}) {
            OneNode.of("BatchNormalization")
                    .opset(opset)
                    .input(normal(random, 2, 3, 4))
                    .input(normal(random, 3))
                    .input(normal(random, 3))
                    .input(normal(random, 3))
                    .input(positive(3))
                    .check(1e-5);
        }
        OneNode.of("BatchNormalization")
                .opset(15)
                .outputs(3)
                .with("training_mode", 1)
                .with("momentum", 0.7f)
                .input(normal(random, 2, 3, 4))
                .input(normal(random, 3))
                .input(normal(random, 3))
                .input(normal(random, 3))
                .input(positive(3))
                .check(1e-5);
    }

    private Tensor positive(long... shape) {
        Tensor tensor = normal(random, shape);
        for (long i = 0; i < tensor.elements(); i++) {
            tensor.set(i, 0.1 + Math.abs(tensor.doubleAt(i)));
        }
        return tensor;
    }

    @ParameterizedTest
    @CsvSource({"18, 3", "21, 6"})
    void groupNormalization(long opset, long scales) throws OrtException {
        OneNode.of("GroupNormalization")
                .opset(opset)
                .with("num_groups", 3)
                .input(normal(random, 2, 6, 4, 2))
                .input(normal(random, scales))
                .input(normal(random, scales))
                .check(1e-5);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 5})
    void localResponse(long size) throws OrtException {
        OneNode.of("LRN")
                .with("size", size)
                .with("alpha", 0.3f)
                .with("beta", 0.6f)
                .with("bias", 1.5f)
                .input(normal(random, 2, 5, 3, 3))
                .check(1e-5);
    }

    @Test
    void integerProducts() throws OrtException {
        OneNode.of("MatMulInteger")
                .input(integers(random, DType.UINT8, 0, 256, 2, 3, 5))
                .input(integers(random, DType.INT8, -60, 60, 2, 5, 4))
                .input(scalar(DType.UINT8, 117))
                .input(scalar(DType.INT8, 0))
                .check();
        OneNode.of("ConvInteger")
                .ints("pads", 1, 1, 0, 1)
                .ints("strides", 2, 1)
                .input(integers(random, DType.UINT8, 0, 256, 1, 3, 5, 5))
                .input(integers(random, DType.UINT8, 0, 256, 2, 3, 3, 3))
                .input(scalar(DType.UINT8, 117))
                .input(scalar(DType.UINT8, 90))
                .check();
        OneNode.of("QLinearMatMul")
                .input(integers(random, DType.UINT8, 0, 256, 3, 5))
                .constant(scalar(DType.FLOAT32, 0.0317))
                .constant(scalar(DType.UINT8, 117))
                .input(integers(random, DType.UINT8, 0, 256, 5, 4))
                .constant(scalar(DType.FLOAT32, 0.0211))
                .constant(scalar(DType.UINT8, 90))
                .constant(scalar(DType.FLOAT32, 0.21))
                .constant(scalar(DType.UINT8, 120))
                .check();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 1", "1, 0"})
    void fourier(long inverse, long onesided) throws OrtException {
        OneNode.of("DFT")
                .opset(20)
                .with("inverse", inverse)
                .with("onesided", onesided)
                .input(normal(random, 2, 9, 4, onesided == 1 ? 1 : 2))
                .constant(scalar(DType.INT64, 11))
                .constant(scalar(DType.INT64, 1))
                .check(1e-5);
        OneNode.of("STFT")
                .opset(17)
                .with("onesided", onesided)
                .input(normal(random, 2, 32, 1))
                .constant(scalar(DType.INT64, 5))
                .input(normal(random, 8))
                .check(1e-5);
    }

    @Test
    void suppression() throws OrtException {
        for (long center : new long[] {0, 1}) {
            OneNode.of("NonMaxSuppression")
                    .opset(11)
                    .with("center_point_box", center)
                    .input(positive(2, 12, 4))
                    .input(positive(2, 3, 12))
                    .constant(scalar(DType.INT64, 4))
                    .constant(scalar(DType.FLOAT32, 0.3))
                    .constant(scalar(DType.FLOAT32, 0.4))
                    .check();
        }
    }
}
