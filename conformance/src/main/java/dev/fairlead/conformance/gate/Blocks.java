package dev.fairlead.conformance.gate;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A weight of 4 bits, {@code depth} by {@code columns}, as ONNX Runtime's MatMulNBits has it: column by column, in blocks along the depth, two
 * numbers in a byte, the first in its low half.
 */
final class Blocks {
    private static final int MIDDLE = 8;

    private final String name;
    private final int depth;
    private final int columns;
    private final int size;
    private final int count;
    private final int[] numbers;
    private final double[] scales;

    /** A weight by chance, which follows from its name. */
    Blocks(String name, int depth, int columns, int size) {
        this.name = name;
        this.depth = depth;
        this.columns = columns;
        this.size = size;
        this.count = Math.ceilDiv(depth, size);
        SplittableRandom random = new SplittableRandom(name.hashCode());
        this.numbers = random.ints((long) columns * count * size, 0, 16).toArray();
        // Powers of two, which every type holds.
        this.scales = random.ints((long) columns * count, -6, -3)
                .mapToDouble(exponent -> Math.scalb(1.0, exponent))
                .toArray();
    }

    /** The nearest that 4 bits hold of a weight {@code [depth, columns]}. */
    Blocks(String name, Tensor weight, int size) {
        this.name = name;
        this.depth = Math.toIntExact(weight.shape().getFirst());
        this.columns = Math.toIntExact(weight.shape().getLast());
        this.size = size;
        this.count = Math.ceilDiv(depth, size);
        this.numbers = new int[columns * count * size];
        this.scales = new double[columns * count];
        for (int block = 0; block < scales.length; block++) {
            int column = block / count;
            int from = block % count * size;
            double largest = 0;
            for (int k = from; k < Math.min(from + size, depth); k++) {
                largest = Math.max(largest, Math.abs(weight.doubleAt((long) k * columns + column)));
            }
            scales[block] = largest == 0 ? 1 : Math.scalb(1.0, Math.getExponent(largest / 7) + 1);
            for (int k = from; k < Math.min(from + size, depth); k++) {
                double value = weight.doubleAt((long) k * columns + column) / scales[block];
                numbers[block * size + k - from] = (int) Math.clamp(Math.rint(value) + MIDDLE, 0, 15);
            }
        }
    }

    /** The number at a row-major place of {@code [depth, columns]}. */
    double weight(long flat) {
        int column = (int) (flat % columns);
        int k = (int) (flat / columns);
        return (number(column, k) - MIDDLE) * scales[column * count + k / size];
    }

    /** The same with the scale of the block that counting over all columns together gives. */
    double flat(long flat) {
        int column = (int) (flat % columns);
        int k = (int) (flat / columns);
        return (number(column, k) - MIDDLE) * scales[(column * depth + k) / size];
    }

    private int number(int column, int k) {
        return numbers[(column * count + k / size) * size + k % size];
    }

    Tensor zeroPoints(int value) {
        long bytes = Math.ceilDiv(count, 2);
        Tensor tensor = Tensor.allocate(DType.UINT8, List.of(columns * bytes));
        for (long i = 0; i < tensor.elements(); i++) {
            tensor.set(i, (long) (value | value << 4));
        }
        return tensor;
    }

    private Tensor packed() {
        Tensor tensor = Tensor.allocate(DType.UINT8, List.of((long) columns, (long) count, size / 2L));
        for (int i = 0; i < numbers.length / 2; i++) {
            tensor.set(i, (long) (numbers[2 * i] | numbers[2 * i + 1] << 4));
        }
        return tensor;
    }

    Map<String, Attribute> attributes() {
        return Map.of(
                "K", new Attribute.Int(depth),
                "N", new Attribute.Int(columns),
                "bits", new Attribute.Int(4),
                "block_size", new Attribute.Int(size));
    }

    /** Constants of a node's second and third input, by name. */
    Map<String, Tensor> constants() {
        Tensor scale = Tensor.allocate(DType.FLOAT32, List.of((long) scales.length));
        for (int i = 0; i < scales.length; i++) {
            scale.set(i, scales[i]);
        }
        return Map.of(name + "_packed", packed(), name + "_scales", scale);
    }

    /** {@code x W}, called by the output; more inputs are the zero points. */
    String product(Net net, String output, String x, String... more) {
        constants().forEach(net::constant);
        String[] inputs = new String[3 + more.length];
        inputs[0] = x;
        inputs[1] = name + "_packed";
        inputs[2] = name + "_scales";
        System.arraycopy(more, 0, inputs, 3, more.length);
        return net.node("com.microsoft", "MatMulNBits", output, attributes(), inputs);
    }
}
