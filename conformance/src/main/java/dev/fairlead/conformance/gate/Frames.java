package dev.fairlead.conformance.gate;

import dev.fairlead.conformance.gate.Fault.Side;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What stands before and behind the operation that a fault is about: layers, so that an error has to travel. */
final class Frames {
    static final int WIDTH = 16;
    static final int CHANNELS = 8;

    /** Even, so that a stride of 2 leaves a window half outside. */
    static final int PIXELS = 14;

    private Frames() {}

    /** Builds the middle of a network. */
    interface Block {
        /** Adds it behind a value and answers what it makes. */
        String add(Net net, String input, Side side);
    }

    /** {@code [batch, length, 16]} through a linear layer, the block, and another. */
    static Function<Side, Model> sequence(Block block) {
        return sequence((net, side) -> block.add(net, net.linear("h", x(net), WIDTH, WIDTH), side));
    }

    /** The same with the block's input normalised, as attention has it. */
    static Function<Side, Model> normalised(Block block) {
        return sequence((net, side) -> {
            String linear = net.linear("h", x(net), WIDTH, WIDTH);
            return block.add(net, net.layerNorm("norm", linear, WIDTH, 1e-5f), side);
        });
    }

    /** {@code [batch, 3, 14, 14]} through a convolution, the block, and another convolution. */
    static Function<Side, Model> image(Block block) {
        return side -> {
            Net net = new Net();
            String x = net.input("x", DType.FLOAT32, "batch", 3, PIXELS, PIXELS);
            String h = convolution(net, "h", x, 3, CHANNELS);
            String b = block.add(net, h, side);
            return net.model(convolution(net, "y", b, CHANNELS, 4));
        };
    }

    static String convolution(Net net, String output, String x, int channels, int made) {
        String weight = net.weight(output + "_weight", 1 / Math.sqrt(9.0 * channels), made, channels, 3, 3);
        return convolution(net, output, x, weight);
    }

    static String convolution(Net net, String output, String x, String weight) {
        return net.node("Conv", output, Map.of("pads", Net.ints(1, 1, 1, 1)), x, weight);
    }

    private static Function<Side, Model> sequence(BiFunction<Net, Side, String> middle) {
        return side -> {
            Net net = new Net();
            String b = middle.apply(net, side);
            return net.model(net.linear("y", b, WIDTH, WIDTH));
        };
    }

    private static String x(Net net) {
        return net.input("x", DType.FLOAT32, "batch", "length", WIDTH);
    }

    /** The number of tokens, an int64 vector of one. */
    static String length(Net net) {
        return net.node("Shape", "length", Map.of("start", Net.whole(1), "end", Net.whole(2)), "x");
    }

    /** The positions 0 to length, int64. */
    static String positions(Net net) {
        String end = net.node("Squeeze", "last", length(net));
        return net.node("Range", "positions", zero(net), end, one(net));
    }

    static String zero(Net net) {
        return net.constant("zero", Tensor.scalar(DType.INT64, 0));
    }

    static String one(Net net) {
        return net.constant("one", Tensor.scalar(DType.INT64, 1));
    }
}
