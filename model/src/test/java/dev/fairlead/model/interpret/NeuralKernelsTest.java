package dev.fairlead.model.interpret;

import static dev.fairlead.model.interpret.OneNode.integers;
import static dev.fairlead.model.interpret.OneNode.normal;
import static dev.fairlead.model.interpret.OneNode.scalar;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Windows, normalisations, resizing and quantisation with settings that the wheel's cases do not have. */
class NeuralKernelsTest {
    @Property(tries = 200)
    void convolutions(
            @ForAll @IntRange(min = 1, max = 3) int rank,
            @ForAll @IntRange(min = 1, max = 3) int stride,
            @ForAll @IntRange(min = 1, max = 2) int dilation,
            @ForAll @IntRange(max = 3) int padding,
            @ForAll @IntRange(min = 1, max = 2) int groups,
            @ForAll boolean transposed,
            @ForAll long seed)
            throws OrtException {
        Random random = new Random(seed);
        long[] x = filled(rank + 2, 6);
        x[0] = 2;
        x[1] = 2L * groups;
        long[] w = filled(rank + 2, 3);
        w[0] = transposed ? 2L * groups : 3L * groups;
        w[1] = transposed ? 3 : 2;
        OneNode node = OneNode.of(transposed ? "ConvTranspose" : "Conv")
                .with("group", groups)
                .ints("strides", filled(rank, stride))
                .ints("dilations", filled(rank, dilation))
                .input(normal(random, x))
                .input(normal(random, w))
                .input(normal(random, 3L * groups));
        pad(node, random, padding, rank, dilation);
        if (transposed && padding == 1 && stride > 1) {
            node.ints("output_padding", filled(rank, 1));
        }
        node.check(1e-5);
    }

    private static void pad(OneNode node, Random random, int padding, int rank, int dilation) {
        // ONNX Runtime refuses SAME with dilations.
        switch (dilation == 1 ? padding : padding & 1) {
            case 1 -> node.ints("pads", random.longs(2L * rank, 0, 2).toArray());
            case 2 -> node.with("auto_pad", "SAME_UPPER");
            case 3 -> node.with("auto_pad", "SAME_LOWER");
            default -> node.with("auto_pad", "VALID");
        }
    }

    @Property(tries = 200)
    void pools(
            @ForAll @IntRange(min = 1, max = 3) int rank,
            @ForAll @IntRange(max = 2) int operator,
            @ForAll @IntRange(min = 1, max = 3) int stride,
            @ForAll @IntRange(min = 1, max = 2) int dilation,
            @ForAll @IntRange(max = 3) int padding,
            @ForAll @IntRange(max = 1) int ceiling,
            @ForAll @IntRange(max = 1) int counted,
            @ForAll long seed)
            throws OrtException {
        Random random = new Random(seed);
        String op = List.of("MaxPool", "AveragePool", "LpPool").get(operator);
        long[] x = filled(rank + 2, 7);
        x[0] = 2;
        x[1] = 3;
        OneNode node = OneNode.of(op)
                .ints("kernel_shape", filled(rank, 3))
                .ints("strides", filled(rank, stride))
                .ints("dilations", filled(rank, dilation))
                .input(normal(random, x));
        pad(node, random, padding, rank, dilation);
        if (dilation == 1 ? padding == 1 : (padding & 1) == 1) {
            // With VALID ONNX Runtime makes one place more than the operator's page.
            node.with("ceil_mode", ceiling);
        }
        switch (op) {
            case "MaxPool" -> node.outputs(2).with("storage_order", counted);
            case "AveragePool" -> node.with("count_include_pad", counted);
            default -> node.with("p", 1 + counted);
        }
        node.check(1e-5);
    }

    @Property(tries = 300)
    void resizing(
            @ForAll @IntRange(max = 2) int mode,
            @ForAll @IntRange(max = 4) int transform,
            @ForAll @IntRange(max = 3) int nearest,
            @ForAll @IntRange(min = 2, max = 11) int height,
            @ForAll @IntRange(min = 2, max = 11) int width,
            @ForAll boolean excludes,
            @ForAll long seed)
            throws OrtException {
        Random random = new Random(seed);
        String interpolation = List.of("nearest", "linear", "cubic").get(mode);
        OneNode node = OneNode.of("Resize")
                .with("mode", interpolation)
                .with(
                        "coordinate_transformation_mode",
                        List.of(
                                        "half_pixel",
                                        "pytorch_half_pixel",
                                        "align_corners",
                                        "asymmetric",
                                        "half_pixel_symmetric")
                                .get(transform));
        if (mode == 0) {
            node.with(
                    "nearest_mode",
                    List.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
                            .get(nearest));
        }
        if (mode == 2 && excludes) {
            node.with("exclude_outside", 1).with("cubic_coeff_a", -0.5f);
        }
        Assume.that(mode != 0 || (!tied(5, height) && !tied(7, width)));
        node.input(normal(random, 1, 2, 5, 7))
                .absent()
                .absent()
                .constant(Tensor.ofLongs(List.of(4L), 1, 2, height, width))
                .check(mode == 0 ? 0 : 2e-5);
    }

    @Property(tries = 100)
    void layerNormalizations(@ForAll @IntRange(min = -3, max = 2) int axis, @ForAll boolean bias, @ForAll long seed)
            throws OrtException {
        Random random = new Random(seed);
        long[] shape = {3, 4, 5};
        long[] tail = java.util.Arrays.copyOfRange(shape, axis < 0 ? axis + 3 : axis, 3);
        OneNode.of("LayerNormalization")
                .outputs(3)
                .with("axis", axis)
                .with("epsilon", 1e-3f)
                .input(normal(random, shape))
                .input(normal(random, tail))
                .inputIf(bias, normal(random, tail))
                .check(1e-5);
    }

    @Property(tries = 100)
    void quantizeAndBack(@ForAll @IntRange(max = 1) int type, @ForAll @IntRange(max = 1) int wide, @ForAll long seed)
            throws OrtException {
        Random random = new Random(seed);
        DType dtype = type == 0 ? DType.UINT8 : DType.INT8;
        int low = type == 0 ? 0 : -128;
        Tensor scales = normal(random, wide == 1 ? 4 : 1);
        for (long i = 0; i < scales.elements(); i++) {
            scales.set(i, Math.abs(scales.doubleAt(i)) / 20 + 0.001);
        }
        Tensor zeros = integers(random, dtype, low, low + 256, wide == 1 ? 4 : 1);
        OneNode.of("QuantizeLinear")
                .with("axis", 1)
                .input(normal(random, 3, 4, 5))
                .input(wide == 1 ? scales : scales.reshaped(List.of()))
                .input(wide == 1 ? zeros : zeros.reshaped(List.of()))
                .check();
        OneNode.of("DequantizeLinear")
                .with("axis", -2)
                .input(integers(random, dtype, low, low + 256, 3, 4, 5))
                .input(wide == 1 ? scales : scales.reshaped(List.of()))
                .input(wide == 1 ? zeros : zeros.reshaped(List.of()))
                .check();
        OneNode.of("DynamicQuantizeLinear")
                .outputs(3)
                .input(normal(random, 4, 6))
                .check();
    }

    @Property(tries = 60)
    void quantizedConvolutions(@ForAll @IntRange(max = 1) int perChannel, @ForAll long seed) throws OrtException {
        Random random = new Random(seed);
        long channels = perChannel == 1 ? 4 : 1;
        Tensor scales = normal(random, channels);
        for (long i = 0; i < scales.elements(); i++) {
            scales.set(i, Math.abs(scales.doubleAt(i)) / 50 + 0.001);
        }
        OneNode.of("QLinearConv")
                .ints("pads", 1, 0, 1, 1)
                .input(integers(random, DType.UINT8, 0, 256, 1, 3, 5, 6))
                .constant(scalar(DType.FLOAT32, 0.031))
                .constant(scalar(DType.UINT8, 117))
                // Sums of wider weights overflow 16 bits in ONNX Runtime on some processors.
                .constant(integers(random, DType.INT8, -60, 60, 4, 3, 3, 3))
                .constant(perChannel == 1 ? scales : scales.reshaped(List.of()))
                .constant(perChannel == 1 ? Tensor.allocate(DType.INT8, List.of(4L)) : scalar(DType.INT8, 0))
                .constant(scalar(DType.FLOAT32, 0.37))
                .constant(scalar(DType.UINT8, 128))
                .constant(integers(random, DType.INT32, -500, 500, 4))
                .check();
    }

    @Property(tries = 100)
    void gridSampling(
            @ForAll @IntRange(max = 2) int mode,
            @ForAll @IntRange(max = 2) int padding,
            @ForAll @IntRange(max = 1) int corners,
            @ForAll long seed)
            throws OrtException {
        Random random = new Random(seed);
        OneNode.of("GridSample")
                .with("mode", List.of("linear", "nearest", "cubic").get(mode))
                .with("padding_mode", List.of("zeros", "border", "reflection").get(padding))
                .with("align_corners", corners)
                .input(normal(random, 2, 3, 5, 6))
                .input(normal(random, 2, 4, 3, 2))
                .check(5e-5);
    }

    @Property(tries = 60)
    void regions(@ForAll @IntRange(max = 2) int ratio, @ForAll boolean half, @ForAll long seed) throws OrtException {
        Random random = new Random(seed);
        Tensor rois = normal(random, 4, 4);
        for (long i = 0; i < rois.elements(); i++) {
            rois.set(i, (i % 4 < 2 ? 1 : 8) + rois.doubleAt(i));
        }
        OneNode.of("RoiAlign")
                .opset(16)
                .with("coordinate_transformation_mode", half ? "half_pixel" : "output_half_pixel")
                .with("output_height", 2)
                .with("output_width", 3)
                .with("sampling_ratio", ratio)
                .with("spatial_scale", 0.7f)
                .input(normal(random, 2, 3, 7, 6))
                .input(rois)
                .input(integers(random, DType.INT64, 0, 2, 4))
                .check(1e-4);
        Tensor boxes = normal(random, 3, 5);
        for (long i = 0; i < boxes.elements(); i++) {
            boxes.set(i, i % 5 == 0 ? 1 : Math.floor((i % 5 < 3 ? 1 : 5) + boxes.doubleAt(i)));
        }
        OneNode.of("MaxRoiPool")
                .opset(16)
                .ints("pooled_shape", 2, 3)
                .input(normal(random, 2, 3, 7, 6))
                .input(boxes)
                .check();
    }

    /** Whether a place lies between two cells or on one, where float32 may round either way. */
    private static boolean tied(int input, int output) {
        for (int place = 0; place < output; place++) {
            boolean half = ((2 * place + 1) * input - output) % output == 0;
            boolean plain = 2 * place * input % output == 0;
            boolean corners = output > 1 && 2 * place * (input - 1) % (output - 1) == 0;
            if (half || (place > 0 && (plain || (corners && place < output - 1)))) {
                return true;
            }
        }
        return false;
    }

    private static long[] filled(int length, long value) {
        long[] all = new long[length];
        java.util.Arrays.fill(all, value);
        return all;
    }
}
