package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.onnx.OnnxTypes;
import java.util.List;
import java.util.Map;

/** Operators that an operator set lacks, said with those that it has: the same formulas as ONNX' function bodies. */
final class Expansion {
    private Expansion() {}

    static void register(OpsetRules rules) {
        rules.down("HardSwish", 14, Expansion::hardSwish);
        rules.down("CastLike", 15, Expansion::castLike);
        rules.down("Mish", 18, Expansion::mish);
        rules.down("Gelu", 20, Expansion::gelu);
        rules.down("LayerNormalization", 17, Expansion::layer);
        rules.down("RMSNormalization", 23, Expansion::rootMeanSquare);
    }

    /** x · max(0, min(1, x/6 + 1/2)); the sixth is no attribute, for those are of float32. */
    private static List<Node> hardSwish(Opset at) {
        String x = at.node().inputs().getFirst();
        String gate = at.emit(
                "HardSigmoid",
                "gate",
                List.of(at.emit("Div", "sixth", x, at.scalar("six", 6))),
                Map.of("alpha", new Attribute.Real(1), "beta", new Attribute.Real(0.5f)));
        return at.then("Mul", List.of(x, gate), Map.of());
    }

    private static List<Node> castLike(Opset at) {
        int code = OnnxTypes.code(at.dtype(1)).orElseThrow(() -> new Opset.Refusal("ONNX has no such type"));
        return at.then("Cast", at.inputsUpTo(1), Map.of("to", new Attribute.Int(code)));
    }

    /** x · tanh(softplus(x)). */
    private static List<Node> mish(Opset at) {
        String x = at.node().inputs().getFirst();
        String soft = at.emit("Softplus", "soft", x);
        return at.then("Mul", List.of(x, at.emit("Tanh", "gate", soft)), Map.of());
    }

    /** x/2 · (1 + erf(x/√2)), or with tanh: x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))). */
    private static List<Node> gelu(Opset at) {
        String x = at.node().inputs().getFirst();
        boolean tanh =
                at.node().attributes().get("approximate") instanceof Attribute.Text(String text) && text.equals("tanh");
        String inner;
        if (tanh) {
            String cube = at.emit("Pow", "cube", x, at.scalar("three", 3));
            String small = at.emit("Mul", "small", cube, at.scalar("factor", 0.044715));
            String sum = at.emit("Add", "sum", x, small);
            inner = at.emit("Tanh", "curve", at.emit("Mul", "scaled", sum, at.scalar("root", Math.sqrt(2 / Math.PI))));
        } else {
            inner = at.emit("Erf", "curve", at.emit("Div", "scaled", x, at.scalar("root", Math.sqrt(2))));
        }
        String gate = at.emit("Add", "gate", inner, at.scalar("one", 1));
        String half = at.emit("Mul", "half", x, at.scalar("a_half", 0.5));
        return at.then("Mul", List.of(half, gate), Map.of());
    }

    private static double epsilon(Opset at) {
        return at.node().attributes().get("epsilon") instanceof Attribute.Real(float value) ? value : 1e-5f;
    }

    private static Attribute axes(Opset at) {
        int rank = at.shape(0).size();
        long stated = at.integer("axis", -1);
        int first = (int) (stated < 0 ? stated + rank : stated);
        return new Attribute.Ints(LongRange.to(rank).subList(first, rank));
    }

    /** Statistics in float32 of narrower types, as stash_type says by default. */
    private static void requireWide(Opset at) {
        if (at.dtype(0).bits() < 32) {
            throw new Opset.Refusal(
                    "its statistics are wider than its " + at.dtype(0).text());
        }
        if (at.node().outputs().stream().skip(1).anyMatch(name -> !name.isEmpty())) {
            throw new Opset.Refusal("its statistics are used");
        }
    }

    private static List<Node> layer(Opset at) {
        requireWide(at);
        String x = at.node().inputs().getFirst();
        Map<String, Attribute> over = Map.of("axes", axes(at));
        String mean = at.emit("ReduceMean", "mean", List.of(x), over);
        String centred = at.emit("Sub", "centred", x, mean);
        String variance = at.emit("ReduceMean", "variance", List.of(at.emit("Mul", "square", centred, centred)), over);
        String deviation =
                at.emit("Sqrt", "deviation", at.emit("Add", "safe", variance, at.scalar("epsilon", epsilon(at))));
        String normal = at.emit("Div", "normal", centred, deviation);
        if (!at.has(2)) {
            return at.then("Mul", List.of(normal, at.node().inputs().get(1)), Map.of());
        }
        String scaled = at.emit("Mul", "scaled", normal, at.node().inputs().get(1));
        return at.then("Add", List.of(scaled, at.node().inputs().get(2)), Map.of());
    }

    private static List<Node> rootMeanSquare(Opset at) {
        requireWide(at);
        String x = at.node().inputs().getFirst();
        String axes = at.longs("axes", ((Attribute.Ints) axes(at)).values());
        String mean = at.emit("ReduceMean", "mean", at.emit("Mul", "square", x, x), axes);
        String root = at.emit("Sqrt", "root", at.emit("Add", "safe", mean, at.scalar("epsilon", epsilon(at))));
        return at.then(
                "Mul",
                List.of(at.emit("Div", "normal", x, root), at.node().inputs().get(1)),
                Map.of());
    }
}
