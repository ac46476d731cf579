package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;

/** ONNX Runtime's operators on weights of 2, 4 or 8 bits with a scale for each block: MatMulNBits and GatherBlockQuantized. */
final class BlockwiseKernels {
    private static final String MICROSOFT = "com.microsoft";

    private BlockwiseKernels() {}

    static void register(Kernels kernels) {
        kernels.add(MICROSOFT, "MatMulNBits", BlockwiseKernels::matMul);
        kernels.add(MICROSOFT, "GatherBlockQuantized", BlockwiseKernels::gather);
    }

    /** Inputs: A, B, scales, zero_points, g_idx, bias. */
    private static List<Datum> matMul(Call call) {
        Array.Reals a = call.reals(0);
        int inner = Math.toIntExact(call.integer("K"));
        int outer = Math.toIntExact(call.integer("N"));
        int bits = bits(call);
        int block = Math.toIntExact(call.integer("block_size"));
        if ((call.has(4) && !inOrder(call.integers(4).values(), block)) || call.integer("weight_prepacked", 0) != 0) {
            throw call.unsupported("weights in another order than blocks along K");
        }
        int blocks = Math.ceilDiv(inner, block);
        double[] scales = call.reals(2).values();
        long[] quantized = unpacked(call.integers(1).values(), bits);
        double[] zero = zeroPoints(call, outer, blocks, bits);
        if (quantized.length != outer * blocks * block || scales.length != outer * blocks) {
            throw call.malformed(quantized.length + " weights and " + scales.length + " scales for " + outer + " rows");
        }
        double[] weights = new double[outer * inner];
        for (int i = 0; i < weights.length; i++) {
            int row = i / inner;
            int at = row * blocks + i % inner / block;
            weights[i] = (quantized[row * blocks * block + i % inner] - zero[at]) * scales[at];
        }
        Array turned = FusedKernels.transposed(new Array.Reals(a.dtype(), new int[] {outer, inner}, weights));
        Array product = MatrixKernels.matmul(call, a, turned);
        double[] y = Numbers.doubles(call, product);
        double[] bias = call.has(5) ? call.reals(5).values() : new double[outer];
        for (int i = 0; i < y.length; i++) {
            y[i] += bias[i % outer];
        }
        return List.of(Doubles.datum(a.dtype(), product.shape(), y));
    }

    private static boolean inOrder(long[] groups, int block) {
        for (int i = 0; i < groups.length; i++) {
            if (groups[i] != i / block) {
                return false;
            }
        }
        return true;
    }

    private static int bits(Call call) {
        int bits = Math.toIntExact(call.integer("bits", 4));
        if (bits != 2 && bits != 4 && bits != 8) {
            throw call.unsupported("weights of " + bits + " bits");
        }
        return bits;
    }

    /** Numbers of so many bits, the least significant of a byte first. */
    private static long[] unpacked(long[] bytes, int bits) {
        int each = 8 / bits;
        long[] numbers = new long[bytes.length * each];
        Arrays.setAll(numbers, i -> (bytes[i / each] >>> (i % each * bits)) & ((1 << bits) - 1));
        return numbers;
    }

    /** As many as scales: packed row by row, or floating, or the middle of the range. */
    private static double[] zeroPoints(Call call, int rows, int blocks, int bits) {
        double[] zero = new double[rows * blocks];
        if (!call.has(3)) {
            Arrays.fill(zero, 1 << (bits - 1));
            return zero;
        }
        return switch (call.array(3)) {
            case Array.Reals reals -> reals.values();
            case Array.Integers integers -> {
                long[] unpacked = unpacked(integers.values(), bits);
                int width = unpacked.length / rows;
                Arrays.setAll(zero, i -> unpacked[i / blocks * width + i % blocks]);
                yield zero;
            }
            case Array.Complexes _, Array.Texts _ -> throw call.malformed("zero points are no numbers");
        };
    }

    /** Inputs: data, indices, scales, zero_points; bytes hold several numbers along the last axis. */
    private static List<Datum> gather(Call call) {
        Array.Integers data = call.integers(0);
        Array.Integers indices = call.integers(1);
        Array.Reals scales = call.reals(2);
        boolean bytes = data.dtype() == DType.UINT8;
        int bits = bytes ? bits(call) : data.dtype().bits();
        int each = bytes ? 8 / bits : 1;
        int[] shape = data.shape().clone();
        shape[shape.length - 1] *= each;
        long[] numbers = bytes ? unpacked(data.values(), bits) : data.values();
        int block = Math.toIntExact(call.integer("block_size", 128));
        int[] from = Quantization.scaleOf(call, shape, scales.shape(), call.integer("quantize_axis", 1), block);
        double[] zero = gatherZeroPoints(call, scales.shape(), bytes, bits);
        double[] weights = new double[numbers.length];
        Arrays.setAll(weights, i -> (numbers[i] - zero[from[i]]) * scales.values()[from[i]]);

        int axis = Shapes.axis(call, call.integer("gather_axis", 0), shape.length);
        int inner = Array.size(Position.behind(shape, axis + 1));
        int count = indices.size();
        int[] gathered = Shapes.concat(
                Shapes.concat(Position.before(shape, axis), indices.shape()), Position.behind(shape, axis + 1));
        double[] y = new double[Array.size(gathered)];
        Arrays.setAll(y, i -> {
            long index = indices.values()[i / inner % count];
            long place = index < 0 ? index + shape[axis] : index;
            if (place < 0 || place >= shape[axis]) {
                throw call.malformed("index " + index + " of " + shape[axis]);
            }
            return weights[(i / inner / count * shape[axis] + (int) place) * inner + i % inner];
        });
        return List.of(Doubles.datum(scales.dtype(), gathered, y));
    }

    private static double[] gatherZeroPoints(Call call, int[] scales, boolean bytes, int bits) {
        double[] zero = new double[Array.size(scales)];
        if (!call.has(3)) {
            Arrays.fill(zero, bytes ? 1 << (bits - 1) : 0);
            return zero;
        }
        long[] values = call.integers(3).values();
        if (!bytes) {
            return Doubles.of(call, 3);
        }
        long[] unpacked = unpacked(values, bits);
        int last = scales[scales.length - 1];
        int width = unpacked.length / (zero.length / last);
        Arrays.setAll(zero, i -> unpacked[i / last * width + i % last]);
        return zero;
    }
}
