package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;

/** Attention, written as products and a softmax: MIL's own knows neither scale nor causality nor shared heads. */
final class AttentionRules {
    private AttentionRules() {}

    static void register(Rules rules) {
        rules.add("Attention", AttentionRules::attention);
        rules.add("ai.onnx.preview.FlexAttention", AttentionRules::flexible);
    }

    private static void attention(Call call, Mil mil) {
        boolean packed = call.in(0).rank() == 3;
        Var q = packed ? heads(call.in(0), call.integer("q_num_heads"), mil) : call.in(0);
        Var k = packed ? heads(call.in(1), call.integer("kv_num_heads"), mil) : call.in(1);
        Var v = packed ? heads(call.in(2), call.integer("kv_num_heads"), mil) : call.in(2);
        long past = call.has(4) ? call.in(4).size(2) : 0;
        k = call.has(4) ? mil.concat(List.of(call.in(4), k), 2) : k;
        v = call.has(5) ? mil.concat(List.of(call.in(5), v), 2) : v;
        call.result(1, k, call.declared(1));
        call.result(2, v, call.declared(2));
        double scale = call.real("scale", 1 / Math.sqrt((double) q.size(3)));
        Var scores = scores(q, repeated(k, q.size(1), mil), scale, mil);
        long mode = call.integer("qk_matmul_output_mode", 0);
        double cap = call.real("softcap", 0);
        if (cap > 0) {
            scores = mil.mul(mil.unary("tanh", mil.div(scores, mil.like(scores, cap))), mil.like(scores, cap));
        }
        // ONNX' own data have the capped scores in mode 0 as well.
        Var shown = scores;
        scores = masked(call, scores, past, mil);
        shown = mode == 2 ? scores : shown;
        Var weights = softmax(call, scores, mil);
        shown = mode == 3 ? weights : shown;
        Var made = mil.matmul(mil.cast(weights, v.element()), repeated(v, q.size(1), mil), false, false);
        if (packed) {
            made = mil.transpose(made, 0, 2, 1, 3);
            made = mil.reshape(made, made.size(0), made.size(1), made.size(2) * made.size(3));
        }
        call.result(0, made, call.declared(0));
        call.result(3, shown, call.declared(0));
    }

    private static Var softmax(Call call, Var scores, Mil mil) {
        if (call.attribute("softmax_precision") == null) {
            return mil.softmax(scores, 3);
        }
        MilDataType element = Carried.element(DTypes.of(call.integer("softmax_precision")));
        return mil.cast(mil.softmax(mil.cast(scores, element), 3), scores.element());
    }

    /** (batch, sequence, heads × size) to (batch, heads, sequence, size). */
    static Var heads(Var x, long heads, Mil mil) {
        return mil.transpose(mil.reshape(x, x.size(0), x.size(1), heads, x.size(2) / heads), 0, 2, 1, 3);
    }

    /** Both sides are scaled by the root, as ONNX says, so that the product does not overflow. */
    private static Var scores(Var q, Var k, double scale, Mil mil) {
        Var root = mil.like(q, Math.sqrt(scale));
        return mil.matmul(mil.mul(q, root), mil.mul(k, root), false, true);
    }

    /** Heads that several query heads share, each as often as it is used. */
    static Var repeated(Var x, long heads, Mil mil) {
        long have = x.size(1);
        if (have == heads) {
            return x;
        }
        Var spread = mil.tile(mil.expandDims(x, 2), 1, 1, heads / have, 1, 1);
        return mil.reshape(spread, x.size(0), heads, x.size(2), x.size(3));
    }

    private static Var masked(Call call, Var scores, long past, Mil mil) {
        Var made = scores;
        Var never = mil.like(scores, Double.NEGATIVE_INFINITY);
        long rows = scores.size(2);
        long columns = scores.size(3);
        if (call.has(3)) {
            Var mask = call.in(3);
            long missing = columns - mask.size(-1);
            long[] begin = new long[mask.rank()];
            long[] end = new long[mask.rank()];
            end[mask.rank() - 1] = missing;
            mask = mil.pad(mask, begin, end, mask.isFlag() ? 0 : Double.NEGATIVE_INFINITY);
            made = mask.isFlag() ? mil.select(mask, made, never) : mil.add(made, mil.cast(mask, made.element()));
        }
        if (call.isSet("is_causal")) {
            Tensor flags = Tensor.allocate(DType.BOOL, List.of(rows, columns));
            for (long i = 0; i < rows * columns; i++) {
                flags.set(i, i % columns <= i / columns + past ? 1L : 0L);
            }
            made = mil.select(mil.constant(flags, "causal"), made, never);
        }
        if (call.has(6)) {
            Var lengths = mil.reshape(call.in(6), scores.size(0), 1, 1, 1);
            made = mil.select(mil.less(ConstantRules.range(columns, 3, 4, mil), lengths), made, never);
        }
        return made;
    }

    /** Scores and probabilities go through graphs of the node's own. */
    private static void flexible(Call call, Mil mil) {
        Var q = call.in(0);
        DType declared = call.declared(0);
        DType precise = call.attribute("softmax_precision") == null
                ? DType.FLOAT32
                : DTypes.of(call.integer("softmax_precision"));
        double scale = call.real("scale", 1 / Math.sqrt((double) q.size(3)));
        Var scores = scores(q, repeated(call.in(1), q.size(1), mil), scale, mil);
        Var modified = modified(call, "score_mod", mil.cast(scores, call.element(precise)), precise);
        Var weights = modified(call, "prob_mod", mil.softmax(modified, 3), precise);
        Var v = mil.cast(repeated(call.in(2), q.size(1), mil), weights.element());
        call.result(mil.cast(mil.matmul(weights, v, false, false), q.element()), declared);
    }

    private static Var modified(Call call, String name, Var value, DType declared) {
        if (!(call.attribute(name) instanceof Attribute.GraphValue(Graph graph))) {
            return value;
        }
        Scope inner = new Scope(call.scope());
        inner.hold(graph.inputs().getFirst().name(), value, declared);
        call.lowering().lower(graph, inner);
        return call.lowering().output(graph, 0, inner).value();
    }
}
