package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;

/** How scales and zero points belong to numbers, and how a number becomes one of a narrow type. */
final class Quantization {
    private Quantization() {}

    /**
     * For each number the index of its scale: one for all, one for each place of an axis, or one for each block along an axis.
     *
     * @param block 0 unless scales are of blocks
     */
    static int[] scaleOf(Call call, int[] shape, int[] scales, long axis, int block) {
        int[] from = new int[Array.size(shape)];
        if (Array.size(scales) == 1 && block == 0) {
            return from;
        }
        int along = Shapes.axis(call, axis, shape.length);
        int stride = Array.size(Position.behind(shape, along + 1));
        if (block == 0) {
            if (scales.length != 1 || scales[0] != shape[along]) {
                throw call.malformed("scales of " + Arrays.toString(scales) + " for " + Arrays.toString(shape));
            }
            Arrays.setAll(from, i -> i / stride % shape[along]);
            return from;
        }
        int[] blocks = shape.clone();
        blocks[along] = Math.ceilDiv(shape[along], block);
        if (!Arrays.equals(scales, blocks)) {
            throw call.malformed("scales of " + Arrays.toString(scales) + " for blocks " + Arrays.toString(blocks));
        }
        Arrays.setAll(from, i -> {
            int outer = i / stride / shape[along];
            return (outer * blocks[along] + i / stride % shape[along] / block) * stride + i % stride;
        });
        return from;
    }

    /** Rounded half to even, moved by the zero point, and cut to the type's range. */
    static double integer(DType dtype, double value, double zero) {
        double moved = Math.rint(value) + zero;
        return Double.isNaN(moved) ? 0 : Math.clamp(moved, lowest(dtype), highest(dtype));
    }

    static double lowest(DType dtype) {
        return dtype.kind() == DType.Kind.SIGNED ? -Math.scalb(1.0, dtype.bits() - 1) : 0;
    }

    static double highest(DType dtype) {
        return Math.scalb(1.0, dtype.kind() == DType.Kind.SIGNED ? dtype.bits() - 1 : dtype.bits()) - 1;
    }

    /** The nearest value of a narrow floating type; beyond its range the largest if it saturates, else NaN or infinity. */
    static double floating(DType dtype, double value, boolean saturates) {
        double largest = largest(dtype);
        if (saturates || !dtype.text().startsWith("float8")) {
            return Doubles.rounded(dtype, Double.isNaN(value) ? value : Math.clamp(value, -largest, largest));
        }
        // Half a step beyond the largest value; the tie goes to the even code, which only E4M3FN's largest is.
        double limit = dtype == DType.FLOAT8_E4M3FN ? Math.nextUp(464.0) : largest == 240 ? 248 : 61440;
        if (Math.abs(value) < limit || Double.isNaN(value)) {
            return Doubles.rounded(dtype, value);
        }
        return dtype == DType.FLOAT8_E5M2 ? Math.copySign(Double.POSITIVE_INFINITY, value) : Double.NaN;
    }

    private static double largest(DType dtype) {
        return Math.abs(Doubles.rounded(dtype == DType.FLOAT8_E5M2 ? DType.FLOAT8_E5M2FNUZ : dtype, 1e300));
    }
}
