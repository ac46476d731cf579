package dev.fairlead.conformance.gate;

import dev.fairlead.conformance.gate.Fault.Kind;
import dev.fairlead.conformance.gate.Fault.Level;
import dev.fairlead.conformance.gate.Fault.Side;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.tensor.DType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Activations, normalisations, recurrence and what depends on the sequence's length. */
final class LayerFaults {
    private static final Set<Level> ALL = EnumSet.allOf(Level.class);
    private static final Set<Level> HALF = EnumSet.of(Level.FLOAT16);
    private static final int WIDTH = Frames.WIDTH;

    private LayerFaults() {}

    static List<Fault> all() {
        return List.of(
                new Fault(
                        1,
                        "tanh-gelu",
                        "apple/coremltools PR 2863",
                        Kind.CONVERSION,
                        ALL,
                        Frames.sequence((net, h, side) -> gelu(net, h, side.isWrong())),
                        Set.of("gelu")),
                new Fault(
                        1,
                        "erf-gelu",
                        "apple/coremltools PR 2863, the reverse",
                        Kind.CONVERSION,
                        ALL,
                        Frames.sequence((net, h, side) -> gelu(net, h, !side.isWrong())),
                        Set.of("gelu")),
                new Fault(
                        2,
                        "layernorm-epsilon",
                        "microsoft/onnxruntime PR 3768",
                        Kind.MACHINE,
                        ALL,
                        Frames.sequence(LayerFaults::epsilon),
                        Set.of("b")),
                new Fault(
                        3,
                        "square-overflows",
                        "microsoft/onnxruntime 31626",
                        Kind.PRECISION,
                        HALF,
                        Frames.sequence(LayerFaults::rootMeanSquare),
                        Set.of("square")),
                new Fault(
                        6,
                        "gru-reset",
                        "microsoft/onnxscript 2852",
                        Kind.CONVERSION,
                        ALL,
                        Frames.normalised(LayerFaults::gru),
                        Set.of("gru")),
                new Fault(
                        17,
                        "broadcast-gamma",
                        "microsoft/onnxruntime 25855",
                        Kind.MACHINE,
                        ALL,
                        LayerFaults::gamma,
                        Set.of("scaled")),
                new Fault(
                        19,
                        "floor-as-trunc",
                        "pytorch/pytorch 44692",
                        Kind.CONVERSION,
                        ALL,
                        Frames.sequence(LayerFaults::floor),
                        Set.of("floored")),
                new Fault(
                        20,
                        "length-as-constant",
                        "pytorch/pytorch 43795",
                        Kind.CONVERSION,
                        ALL,
                        Frames.sequence(LayerFaults::average),
                        Set.of("average", "count")),
                new Fault(
                        24,
                        "float16-overflow",
                        "apple/coremltools 2110",
                        Kind.PRECISION,
                        HALF,
                        Frames.sequence(LayerFaults::overflow),
                        Set.of("large", "square")),
                new Fault(
                        26,
                        "weight-without-one",
                        "none: a norm's weight taken as it is where 1 has to be added",
                        Kind.CONVERSION,
                        ALL,
                        Frames.sequence(LayerFaults::onePlus),
                        Set.of("scaled", "gain")));
    }

    private static String gelu(Net net, String h, boolean isTanh) {
        return net.node("Gelu", "gelu", Map.of("approximate", Net.text(isTanh ? "tanh" : "none")), h);
    }

    private static String epsilon(Net net, String h, Side side) {
        String small = net.node("Mul", "small", h, net.scalar(0.003));
        return net.layerNorm("b", small, WIDTH, side.isWrong() ? 0 : 1e-5f);
    }

    /** Both divide by the root of the mean square; right is to scale down before squaring. */
    private static String rootMeanSquare(Net net, String h, Side side) {
        double scale = side.isWrong() ? 8 : 1.0 / 8;
        String scaled = net.node("Mul", "down", h, net.scalar(scale));
        String square = net.node("Mul", "square", scaled, scaled);
        String mean = net.node("ReduceMean", "mean", square, net.longs(-1));
        String sum = net.node("Add", "sum", mean, net.scalar(0x1p-10 * scale * scale));
        return net.node("Div", "b", scaled, net.node("Sqrt", "root", sum));
    }

    private static String gru(Net net, String h, Side side) {
        String steps = net.node("Transpose", "steps", Map.of("perm", Net.ints(1, 0, 2)), h);
        net.node(
                "GRU",
                List.of("gru"),
                Map.of("hidden_size", Net.whole(WIDTH), "linear_before_reset", Net.whole(side.isWrong() ? 0 : 1)),
                steps,
                net.weight("gru_input", 0.25, 1, 3L * WIDTH, WIDTH),
                net.weight("gru_state", 0.25, 1, 3L * WIDTH, WIDTH),
                net.weight("gru_bias", 0.25, 1, 6L * WIDTH));
        String one = net.node("Squeeze", "one_direction", "gru", net.longs(1));
        return net.node("Transpose", "b", Map.of("perm", Net.ints(1, 0, 2)), one);
    }

    /** As many tokens as channels, so that a scale of each token can be taken for one of each channel. */
    private static Model gamma(Side side) {
        Net net = new Net();
        String x = net.input("x", DType.FLOAT32, "batch", WIDTH, WIDTH);
        String h = net.linear("h", x, WIDTH, WIDTH);
        String norm = net.node(
                "LayerNormalization",
                "norm",
                Map.of("axis", Net.whole(-1), "epsilon", new Attribute.Real(1e-5f)),
                h,
                net.constant("ones", _ -> 1, WIDTH));
        String gamma = net.constant("gamma", i -> 1 + 0.3 * Math.sin((double) i), WIDTH);
        String tokens = net.node("Unsqueeze", "gamma_of_tokens", gamma, net.longs(1));
        String scaled = net.node("Mul", "scaled", norm, side.isWrong() ? gamma : tokens);
        return net.model(net.linear("y", scaled, WIDTH, WIDTH));
    }

    /** Of the input doubled, which is exact, so that rounding does not decide. */
    private static String floor(Net net, String h, Side side) {
        String x = net.node("Mul", "doubled", "x", net.scalar(2));
        if (side.isWrong()) {
            String magnitude = net.node("Floor", "cut", net.node("Abs", "magnitude", x));
            net.node("Mul", "floored", net.node("Sign", "sign", x), magnitude);
        } else {
            net.node("Floor", "floored", x);
        }
        return net.node("Add", "b", h, net.node("Mul", "some", "floored", net.scalar(0.125)));
    }

    private static String average(Net net, String h, Side side) {
        String sum = net.node("ReduceSum", "total", h, net.longs(1));
        String count = side.isWrong()
                ? net.scalar(2)
                : net.node("Cast", "count", Map.of("to", Net.whole(1)), Frames.length(net));
        return net.node("Add", "b", h, net.node("Div", "average", sum, count));
    }

    /** Both are h² / 64; wrong is to multiply first. */
    private static String overflow(Net net, String h, Side side) {
        double before = side.isWrong() ? 64 : 1.0 / 64;
        String large = net.node("Mul", "large", h, net.scalar(before));
        String square = net.node("Mul", "square", large, large);
        return net.node("Mul", "b", square, net.scalar(1.0 / 64 / before / before));
    }

    private static String onePlus(Net net, String h, Side side) {
        String norm = net.node(
                "LayerNormalization",
                "norm",
                Map.of("axis", Net.whole(-1), "epsilon", new Attribute.Real(1e-5f)),
                h,
                net.constant("ones", _ -> 1, WIDTH));
        String weight = net.weight("weight", 0.5, WIDTH);
        String gain = side.isWrong() ? weight : net.node("Add", "gain", weight, net.scalar(1));
        return net.node("Mul", "scaled", norm, gain);
    }
}
