package dev.fairlead.conformance.gate;

import dev.fairlead.conformance.gate.Fault.Kind;
import dev.fairlead.conformance.gate.Fault.Level;
import dev.fairlead.conformance.gate.Fault.Side;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.Permutation;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Pools, resizing and the layout of a convolution's weight. */
final class ImageFaults {
    private static final Set<Level> FLOATS = EnumSet.of(Level.FLOAT32, Level.FLOAT16, Level.BFLOAT16);

    private ImageFaults() {}

    static List<Fault> all() {
        return List.of(
                fault(7, "pool-divisor", "pytorch/pytorch 183528", ImageFaults::pool, "pool"),
                fault(8, "cubic-coefficient", "microsoft/onnxruntime 25264", ImageFaults::cubic, "resized"),
                fault(9, "exclude-outside", "microsoft/onnxscript PR 2916", ImageFaults::outside, "resized"),
                fault(25, "transposed-twice", "Blaizzy/mlx-vlm PR 1550", ImageFaults::twice, "b"));
    }

    private static Fault fault(int number, String name, String report, Frames.Block block, String culprit) {
        return new Fault(number, name, report, Kind.CONVERSION, FLOATS, Frames.image(block), Set.of(culprit));
    }

    /** Wrong divides by 9 where the last window hangs over the padding. */
    private static String pool(Net net, String h, Side side) {
        Map<String, Attribute> window = Map.of("kernel_shape", Net.ints(3, 3), "strides", Net.ints(2, 2));
        if (side.isWrong()) {
            String padded = net.node("Pad", "pool_padded", h, net.longs(0, 0, 1, 1, 0, 0, 2, 2));
            return net.node("AveragePool", "pool", window, padded);
        }
        return net.node(
                "AveragePool",
                "pool",
                Map.of(
                        "kernel_shape", Net.ints(3, 3),
                        "strides", Net.ints(2, 2),
                        "pads", Net.ints(1, 1, 1, 1),
                        "ceil_mode", Net.whole(1),
                        "count_include_pad", Net.whole(1)),
                h);
    }

    private static String resized(Net net, String h, Map<String, Attribute> attributes) {
        return net.node("Resize", "resized", attributes, h, "", net.constant("scales", i -> i < 2 ? 1 : 0.5, 4));
    }

    private static String cubic(Net net, String h, Side side) {
        return resized(
                net,
                h,
                Map.of(
                        "mode", Net.text("cubic"),
                        "antialias", Net.whole(1),
                        "cubic_coeff_a", new Attribute.Real(side.isWrong() ? -0.5f : -0.75f)));
    }

    private static String outside(Net net, String h, Side side) {
        return resized(
                net,
                h,
                Map.of(
                        "mode", Net.text("linear"),
                        "antialias", Net.whole(1),
                        "exclude_outside", Net.whole(side.isWrong() ? 0 : 1)));
    }

    /** Square in its channels, the weight fits either way. */
    private static String twice(Net net, String h, Side side) {
        String weight = net.weight("square_weight", 0.15, Frames.CHANNELS, Frames.CHANNELS, 3, 3);
        if (side.isWrong()) {
            Tensor once = net.constant(weight);
            net.constant(weight, Permutation.apply(once, List.of(1, 0, 2, 3), Arena.ofAuto()));
        }
        return Frames.convolution(net, "b", h, weight);
    }
}
