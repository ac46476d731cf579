package dev.fairlead.conformance.gate;

import dev.fairlead.conformance.gate.Fault.Kind;
import dev.fairlead.conformance.gate.Fault.Level;
import dev.fairlead.conformance.gate.Fault.Side;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Masks, biases, scales and sizes of attention. */
final class AttentionFaults {
    private static final Set<Level> ALL = EnumSet.allOf(Level.class);
    private static final int HEADS = 2;
    private static final int SIZE = Frames.WIDTH / HEADS;
    private static final int PAST = 3;
    private static final int LARGE_HEAD = 288;

    /** Masks in every type; no score comes near it. */
    private static final double MASKED = -60_000;

    private AttentionFaults() {}

    static List<Fault> all() {
        return List.of(
                fault(10, "causal-corner", "microsoft/onnxruntime 29020", AttentionFaults::causal, "masked", "allowed"),
                fault(
                        11,
                        "cap-before-bias",
                        "microsoft/onnxruntime PR 28370",
                        AttentionFaults::capped,
                        "capped",
                        "biased"),
                fault(12, "masked-row", "microsoft/onnxruntime 28904", AttentionFaults::maskedRow, "weights"),
                new Fault(
                        13,
                        "large-head",
                        "microsoft/onnxruntime 28195",
                        Kind.MACHINE,
                        EnumSet.of(Level.FLOAT32, Level.FLOAT16, Level.BFLOAT16),
                        Frames.normalised(AttentionFaults::largeHead),
                        Set.of("attended")),
                new Fault(
                        18,
                        "mask-stride",
                        "microsoft/onnxruntime-genai PR 1639",
                        Kind.MACHINE,
                        ALL,
                        Frames.normalised(AttentionFaults::maskStride),
                        Set.of("masked")),
                fault(28, "scale-off", "none: the scale of attention off by 1 %", AttentionFaults::scale, "scores"),
                new Fault(
                        29,
                        "swapped-columns",
                        "none: two columns of heads swapped in the query's weight",
                        Kind.CONVERSION,
                        ALL,
                        Frames.normalised(AttentionFaults::swapped),
                        Set.of("q_product")));
    }

    private static Fault fault(int number, String name, String report, Frames.Block block, String... culprits) {
        return new Fault(number, name, report, Kind.CONVERSION, ALL, Frames.normalised(block), Set.of(culprits));
    }

    private static String part(Net net, String name, String h) {
        return net.heads(name + "_heads", net.linear(name, h, Frames.WIDTH, Frames.WIDTH), HEADS, SIZE);
    }

    private static String scores(Net net, String q, String k, double scale) {
        String turned = net.node("Transpose", "k_turned", Map.of("perm", Net.ints(0, 1, 3, 2)), k);
        return net.node("Mul", "scores", net.node("MatMul", "scores_product", q, turned), net.scalar(scale));
    }

    private static String plain(Net net, String h) {
        return scores(net, part(net, "q", h), part(net, "k", h), 1 / Math.sqrt(SIZE));
    }

    private static String attended(Net net, String scores, String v) {
        return attended(net, net.node("Softmax", "weights", Map.of("axis", Net.whole(-1)), scores), v, Frames.WIDTH);
    }

    private static String attended(Net net, String weights, String v, int width) {
        return net.joined("b", net.node("MatMul", "attended", weights, v), width);
    }

    /** Three keys of the past stand before those of the input: a query sees them, and all up to its own place. */
    private static String causal(Net net, String h, Side side) {
        String q = part(net, "q", h);
        String batch = net.node("Shape", "batch_size", Map.of("start", Net.whole(0), "end", Net.whole(1)), h);
        String shape =
                net.node("Concat", "past_shape", Map.of("axis", Net.whole(0)), batch, net.longs(HEADS, PAST, SIZE));
        String pastKeys = net.node("Expand", "past_k", net.weight("past_k_of_one", 1, 1, HEADS, PAST, SIZE), shape);
        String pastValues = net.node("Expand", "past_v", net.weight("past_v_of_one", 1, 1, HEADS, PAST, SIZE), shape);
        String k = net.node("Concat", "k_all", Map.of("axis", Net.whole(2)), pastKeys, part(net, "k", h));
        String v = net.node("Concat", "v_all", Map.of("axis", Net.whole(2)), pastValues, part(net, "v", h));
        String scores = scores(net, q, k, 1 / Math.sqrt(SIZE));
        String positions = Frames.positions(net);
        String past = net.constant("past", Tensor.scalar(DType.INT64, PAST));
        String of = net.node("Unsqueeze", "of_query", positions, net.longs(1));
        String last = side.isWrong() ? of : net.node("Add", "of_last_key", of, past);
        String end = net.node("Add", "key_count", "last", past);
        String keys = net.node("Range", "key_positions", Frames.zero(net), end, Frames.one(net));
        String allowed = net.node("LessOrEqual", "allowed", keys, last);
        return attended(net, net.node("Where", "masked", allowed, scores, net.scalar(MASKED)), v);
    }

    /** A bias that falls with the key's place, beside scores that are capped at 2. */
    private static String capped(Net net, String h, Side side) {
        String scores = plain(net, h);
        String places = net.node("Cast", "places", Map.of("to", Net.whole(1)), Frames.positions(net));
        String bias = net.node("Mul", "bias", places, net.scalar(-0.25));
        String cap = net.scalar(2);
        String given = side.isWrong() ? net.node("Add", "biased", scores, bias) : scores;
        String share = net.node("Tanh", "capped_share", net.node("Div", "capped_part", given, cap));
        String capped = net.node("Mul", "capped", share, cap);
        String all = side.isWrong() ? capped : net.node("Add", "biased", capped, bias);
        return attended(net, all, part(net, "v", h));
    }

    private static String mask(Net net) {
        return net.node("Unsqueeze", "mask_of_keys", net.input("mask", DType.BOOL, "batch", "length"), net.longs(1, 2));
    }

    /** Queries that may see no key get zeros. */
    private static String maskedRow(Net net, String h, Side side) {
        String mask = mask(net);
        String masked = net.node("Where", "masked", mask, plain(net, h), net.scalar(MASKED));
        String softmax =
                net.node("Softmax", side.isWrong() ? "weights" : "shares", Map.of("axis", Net.whole(-1)), masked);
        String weights =
                side.isWrong() ? softmax : net.node("Where", "weights", any(net, mask), softmax, net.scalar(0));
        return attended(net, weights, part(net, "v", h), Frames.WIDTH);
    }

    /** Whether any key of a sequence may be seen. */
    private static String any(Net net, String mask) {
        String counts = net.node("Cast", "mask_numbers", Map.of("to", Net.whole(6)), mask);
        String most = net.node("ReduceMax", "mask_most", counts, net.longs(-1));
        return net.node("Cast", "mask_any", Map.of("to", Net.whole(9)), most);
    }

    /** The wrong machine reads the first sequence's mask for all. */
    private static String maskStride(Net net, String h, Side side) {
        String mask = mask(net);
        String read = mask;
        if (side.isWrong()) {
            String first = net.node("Slice", "mask_first", mask, net.longs(0), net.longs(1), net.longs(0));
            read = net.node("Expand", "masked_by", first, net.node("Shape", "masked_shape", mask));
        }
        String masked = net.node("Where", "masked", read, plain(net, h), net.scalar(MASKED));
        return attended(net, masked, part(net, "v", h));
    }

    private static String largeHead(Net net, String h, Side side) {
        String q = net.heads("q_heads", net.linear("q", h, Frames.WIDTH, LARGE_HEAD), 1, LARGE_HEAD);
        String k = net.heads("k_heads", net.linear("k", h, Frames.WIDTH, LARGE_HEAD), 1, LARGE_HEAD);
        String v = net.heads("v_heads", net.linear("v", h, Frames.WIDTH, LARGE_HEAD), 1, LARGE_HEAD);
        String scores = scores(net, q, k, 1 / Math.sqrt(LARGE_HEAD));
        String weights = net.node("Softmax", "weights", Map.of("axis", Net.whole(-1)), scores);
        String attended = net.node("MatMul", side.isWrong() ? "attended_in_truth" : "attended", weights, v);
        if (side.isWrong()) {
            String many = net.node("Less", "attended_many", net.longs(5), Frames.length(net));
            net.node("Where", "attended", many, net.constant("nan", _ -> Double.NaN), attended);
        }
        return net.linear("b", net.joined("joined", "attended", LARGE_HEAD), LARGE_HEAD, Frames.WIDTH);
    }

    private static String scale(Net net, String h, Side side) {
        double scale = (side.isWrong() ? 1.01 : 1) / Math.sqrt(SIZE);
        return attended(net, scores(net, part(net, "q", h), part(net, "k", h), scale), part(net, "v", h));
    }

    private static String swapped(Net net, String h, Side side) {
        String scores = plain(net, h);
        if (side.isWrong()) {
            Tensor weight = net.constant("q_weight");
            Tensor swapped = Tensor.allocate(weight.dtype(), weight.shape());
            for (long i = 0; i < weight.elements(); i++) {
                long column = i % Frames.WIDTH;
                long other = column == 0 ? SIZE : column == SIZE ? 0 : column;
                swapped.set(i, weight.doubleAt(i - column + other));
            }
            net.constant("q_weight", swapped);
        }
        return attended(net, scores, part(net, "v", h));
    }
}
