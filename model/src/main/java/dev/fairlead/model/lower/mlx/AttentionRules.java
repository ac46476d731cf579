package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Attention over heads, (batch, heads, sequence, size), after the function bodies on ONNX' operator pages. */
final class AttentionRules {
    private AttentionRules() {}

    static void register(Rules rules) {
        rules.addAll("Attention", AttentionRules::attention);
        rules.add("ai.onnx.preview.FlexAttention", AttentionRules::flex);
    }

    private static List<Operand> attention(Operation node, Primitives mlx) {
        boolean flat = node.input(0).rank() == 3;
        Operand q = flat ? headed(node.input(0), node.integer("q_num_heads"), mlx) : node.input(0);
        Operand newKeys = flat ? headed(node.input(1), node.integer("kv_num_heads"), mlx) : node.input(1);
        Operand newValues = flat ? headed(node.input(2), node.integer("kv_num_heads"), mlx) : node.input(2);
        Operand keys = node.has(4) ? mlx.concatenate(List.of(node.input(4), newKeys), 2) : newKeys;
        Operand values = node.has(5) ? mlx.concatenate(List.of(node.input(5), newValues), 2) : newValues;
        double scale = node.hasAttribute("scale") ? node.real("scale", 1) : 1 / Math.sqrt((double) q.fixed(3));
        Operand raw = products(q, repeated(keys, q, mlx), scale, mlx);
        double softcap = node.real("softcap", 0);
        Operand capped = softcap > 0 ? mlx.multiply(mlx.tanh(mlx.divide(raw, softcap)), softcap) : raw;
        Operand masked = masked(node, capped, node.has(4) ? node.input(4).fixed(2) : 0, mlx);
        DType precision = node.type("softmax_precision", q.dtype());
        Operand weights = mlx.cast(mlx.softmax(mlx.cast(masked, precision), 3), q.dtype());
        Operand made = mlx.matmul(weights, repeated(values, q, mlx));
        List<Operand> stages = List.of(raw, capped, masked, weights);
        int stage = Math.toIntExact(node.integer("qk_matmul_output_mode", 0));
        return List.of(flat ? flattened(made, mlx) : made, keys, values, stages.get(stage));
    }

    /** (batch, sequence, heads · size) to (batch, heads, sequence, size). */
    static Operand headed(Operand x, long heads, Primitives mlx) {
        List<Expression> apart = List.of(x.size(0), x.size(1), Expression.of(heads), Expression.of(x.fixed(2) / heads));
        return mlx.transpose(mlx.reshape(x, apart), List.of(0, 2, 1, 3));
    }

    static Operand flattened(Operand x, Primitives mlx) {
        Operand turned = mlx.transpose(x, List.of(0, 2, 1, 3));
        return mlx.reshape(turned, List.of(x.size(0), x.size(2), Shapes.times(x.size(1), x.size(3))));
    }

    /** Each head of keys or values as often as query heads share it, next to each other. */
    static Operand repeated(Operand x, Operand q, Primitives mlx) {
        long times = q.fixed(1) / x.fixed(1);
        if (times == 1) {
            return x;
        }
        Operand apart = mlx.expandDims(x, 2);
        Operand wide = mlx.broadcast(apart, Shapes.with(apart.shape(), 2, Expression.of(times)));
        return mlx.reshape(wide, List.of(x.size(0), q.size(1), x.size(2), x.size(3)));
    }

    /** Queries and keys each take the root of the scale, which keeps narrow types in range. */
    private static Operand products(Operand q, Operand keys, double scale, Primitives mlx) {
        double root = Math.sqrt(scale);
        return mlx.matmul(mlx.multiply(q, root), mlx.swapped(mlx.multiply(keys, root)));
    }

    /** Adds the mask, the causal one aligned at the top left after {@code past}, and −∞ beyond each sequence's own end. */
    private static Operand masked(Operation node, Operand scores, long past, Primitives mlx) {
        Operand made = scores;
        Operand nothing = mlx.scalar(scores.dtype(), Double.NEGATIVE_INFINITY);
        if (node.has(3)) {
            Operand mask = padded(node.input(3), scores.fixed(3), mlx);
            made = mask.dtype() == DType.BOOL
                    ? mlx.add(made, mlx.select(mask, mlx.like(scores, 0), nothing))
                    : mlx.add(made, mask);
        }
        if (node.flag("is_causal", false)) {
            Operand rows = mlx.add(mlx.arangeAlong(scores.size(2), DType.INT64, 0, 2), past);
            Operand columns = mlx.arangeAlong(scores.size(3), DType.INT64, 1, 2);
            made = mlx.select(mlx.compare("LessEqual", columns, rows), made, nothing);
        }
        Optional<Operand> lengths = node.optional(6);
        if (lengths.isPresent()) {
            Operand columns = mlx.arangeAlong(scores.size(3), DType.INT64, 3, 4);
            Operand ends = mlx.expandDims(mlx.cast(lengths.get(), DType.INT64), List.of(1, 2, 3));
            made = mlx.select(mlx.less(columns, ends), made, nothing);
        }
        return made;
    }

    /** A mask that is too short lets nothing through beyond its end. */
    private static Operand padded(Operand mask, long size, Primitives mlx) {
        int last = mask.rank() - 1;
        long more = size - mask.fixed(last);
        if (more == 0 || mask.fixed(last) == 1) {
            return mask;
        }
        List<Long> none = Collections.nCopies(mask.rank(), 0L);
        List<Long> high = new ArrayList<>(none);
        high.set(last, more);
        Operand value = mask.dtype() == DType.BOOL
                ? mlx.scalar(DType.BOOL, 0L)
                : mlx.scalar(mask.dtype(), Double.NEGATIVE_INFINITY);
        return mlx.pad(mask, none, high, value);
    }

    /** The scores and the weights may each go through a graph of the node's own. */
    private static Operand flex(Operation node, Primitives mlx) {
        Operand q = node.input(0);
        double scale = node.hasAttribute("scale") ? node.real("scale", 1) : 1 / Math.sqrt((double) q.fixed(3));
        DType own = q.dtype().bits() < 32 ? DType.FLOAT32 : q.dtype();
        DType precision = node.type("softmax_precision", own);
        Operand scores = mlx.cast(products(q, repeated(node.input(1), q, mlx), scale, mlx), precision);
        Operand weights = mlx.softmax(through(node, "score_mod", scores), 3);
        Operand values = mlx.cast(repeated(node.input(2), q, mlx), precision);
        return mlx.cast(
                mlx.matmul(through(node, "prob_mod", weights), values),
                node.input(2).dtype());
    }

    private static Operand through(Operation node, String graph, Operand x) {
        return node.hasAttribute(graph)
                ? node.run(node.graph(graph), List.of(x)).getFirst()
                : x;
    }
}
