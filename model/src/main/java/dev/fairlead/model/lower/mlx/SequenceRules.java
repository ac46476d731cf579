package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.lower.mlx.LinearPrimitives.Window;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Other parts of sequence models: rotary positions, linear attention, causal convolutions. */
final class SequenceRules {
    /** Steps of a recurrence that are written out at most. */
    private static final long STEPS = 4096;

    private SequenceRules() {}

    static void register(Rules rules) {
        rules.add("RotaryEmbedding", SequenceRules::rotary);
        rules.addAll("LinearAttention", SequenceRules::linearAttention);
        rules.addAll("CausalConvWithState", SequenceRules::causalConvolution);
    }

    private static Operand rotary(Operation node, Primitives mlx) {
        Operand stated = node.input(0);
        boolean flat = stated.rank() == 3;
        Operand x = flat ? AttentionRules.headed(stated, node.integer("num_heads"), mlx) : stated;
        long size = x.fixed(3);
        long statedDims = node.integer("rotary_embedding_dim", 0);
        long dims = statedDims == 0 ? size : statedDims;
        Operand cos = angles(node, 1, mlx);
        Operand sin = angles(node, 2, mlx);
        Operand turning = mlx.slice(x, 3, 0, dims);
        boolean interleaved = node.flag("interleaved", false);
        Operand one = half(turning, interleaved, 0, mlx);
        Operand other = half(turning, interleaved, 1, mlx);
        Operand real = mlx.subtract(mlx.multiply(cos, one), mlx.multiply(sin, other));
        Operand imaginary = mlx.add(mlx.multiply(sin, one), mlx.multiply(cos, other));
        Operand turned = interleaved
                ? mlx.reshape(
                        mlx.concatenate(List.of(mlx.expandDims(real, 4), mlx.expandDims(imaginary, 4)), 4),
                        turning.shape())
                : mlx.concatenate(List.of(real, imaginary), 3);
        Operand made = dims == size ? turned : mlx.concatenate(List.of(turned, mlx.slice(x, 3, dims, size)), 3);
        return flat ? AttentionRules.flattened(made, mlx) : made;
    }

    /** (batch, 1, sequence, half), by position where there are positions. */
    private static Operand angles(Operation node, int input, Primitives mlx) {
        Operand cache = node.input(input);
        Operand own = node.has(3) ? mlx.take(cache, node.input(3), 0) : cache;
        return mlx.expandDims(own, 1);
    }

    private static Operand half(Operand x, boolean interleaved, int which, Primitives mlx) {
        long half = x.fixed(3) / 2;
        if (!interleaved) {
            return mlx.slice(x, 3, which * half, (which + 1) * half);
        }
        List<Expression> pairs = new ArrayList<>(x.shape().subList(0, 3));
        pairs.add(Expression.of(half));
        pairs.add(Expression.of(2));
        return mlx.squeeze(mlx.slice(mlx.reshape(x, pairs), 4, which, which + 1), 4);
    }

    /** A recurrence over a state of (batch, heads, key size, value size), in float32. */
    private static List<Operand> linearAttention(Operation node, Primitives mlx) {
        long queryHeads = node.integer("q_num_heads");
        long heads = node.integer("kv_num_heads");
        String rule = node.text("update_rule", "gated_delta");
        Operand q = wide(AttentionRules.headed(node.input(0), queryHeads, mlx), mlx);
        Operand k = wide(AttentionRules.headed(node.input(1), heads, mlx), mlx);
        Operand v = wide(AttentionRules.headed(node.input(2), heads, mlx), mlx);
        double stated = node.real("scale", 0);
        double scale = stated == 0 ? 1 / Math.sqrt((double) q.fixed(3)) : stated;
        List<Expression> shape = List.of(k.size(0), k.size(1), k.size(3), v.size(3));
        Operand state = node.has(3) ? wide(node.input(3), mlx) : mlx.broadcast(mlx.scalar(DType.FLOAT32, 0.0), shape);
        long length = q.fixed(2);
        if (length > STEPS) {
            throw Refusal.of("linear attention over more than " + STEPS + " steps");
        }
        boolean gated = rule.startsWith("gated");
        boolean delta = rule.endsWith("delta");
        Operand decay = gated ? wide(perHead(node.input(4), heads, mlx), mlx) : q;
        Operand beta = delta ? wide(perHead(node.input(5), heads, mlx), mlx) : q;
        List<Operand> made = new ArrayList<>();
        for (long t = 0; t < length; t++) {
            Operand keys = at(k, t, mlx);
            Operand values = at(v, t, mlx);
            if (gated) {
                state = mlx.multiply(state, mlx.expandDims(mlx.exp(at(decay, t, mlx)), 3));
            }
            if (delta) {
                Operand known = mlx.squeeze(mlx.matmul(mlx.expandDims(keys, 2), state), 2);
                values = mlx.multiply(at(beta, t, mlx), mlx.subtract(values, known));
            }
            state = mlx.add(state, mlx.multiply(mlx.expandDims(keys, 3), mlx.expandDims(values, 2)));
            Operand read = mlx.matmul(mlx.expandDims(at(q, t, mlx), 2), AttentionRules.repeated(state, q, mlx));
            made.add(mlx.multiply(read, scale));
        }
        Operand all = AttentionRules.flattened(mlx.concatenate(made, 2), mlx);
        DType last = node.has(3) ? node.input(3).dtype() : node.input(0).dtype();
        return List.of(mlx.cast(all, node.input(0).dtype()), mlx.cast(state, last));
    }

    private static Operand wide(Operand x, Primitives mlx) {
        return mlx.cast(x, DType.FLOAT32);
    }

    private static Operand at(Operand x, long step, Primitives mlx) {
        return mlx.squeeze(mlx.slice(x, 2, step, step + 1), 2);
    }

    /** (batch, sequence, heads or heads · size) to (batch, heads, sequence, 1 or size); one for all heads stays one. */
    private static Operand perHead(Operand x, long heads, Primitives mlx) {
        return AttentionRules.headed(x, x.fixed(2) == 1 ? 1 : heads, mlx);
    }

    /** A convolution for each channel over the past and the input; the last elements are the next one's past. */
    private static List<Operand> causalConvolution(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        Operand weight = node.input(1);
        long before = weight.fixed(2) - 1;
        Operand past = node.has(3)
                ? node.input(3)
                : mlx.broadcast(mlx.like(x, 0), List.of(x.size(0), x.size(1), Expression.of(before)));
        Operand padded = mlx.concatenate(List.of(past, x), 2);
        List<Long> one = List.of(1L);
        List<Long> none = List.of(0L);
        Window window = new Window(one, none, none, one, one, x.fixed(1), false);
        Operand made =
                mlx.moveAxis(mlx.convolution(mlx.moveAxis(padded, 1, 2), mlx.moveAxis(weight, 1, 2), window), 2, 1);
        Operand biased = node.has(2) ? mlx.add(made, mlx.expandDims(node.input(2), 1)) : made;
        String activation = node.text("activation", "none");
        Operand activated = switch (activation) {
            case "none" -> biased;
            case "silu", "swish" -> {
                Operand wide = wide(biased, mlx);
                yield mlx.cast(mlx.multiply(wide, mlx.sigmoid(wide)), x.dtype());
            }
            default -> throw Refusal.of("the activation " + activation);
        };
        long size = padded.fixed(2);
        return List.of(activated, mlx.slice(padded, 2, size - before, size));
    }
}
