package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Parts of sequence models beside attention: rotary positions and linear attention. */
final class SequenceModelRules {
    /** Steps up to which a recurrence is written out. */
    private static final long MOST_STEPS = 512;

    private SequenceModelRules() {}

    static void register(Rules rules) {
        rules.add("RotaryEmbedding", SequenceModelRules::rotary);
        rules.add("LinearAttention", SequenceModelRules::linearAttention);
    }

    private static void rotary(Call call, Mil mil) {
        Var given = call.in(0);
        boolean packed = given.rank() == 3;
        Var x = packed ? AttentionRules.heads(given, call.integer("num_heads"), mil) : given;
        long size = x.size(3);
        long stated = call.integer("rotary_embedding_dim", 0);
        long turned = stated == 0 ? size : stated;
        Var cos = angles(call, 1, mil);
        Var sin = angles(call, 2, mil);
        Var part = mil.slice(x, 3, 0, turned);
        boolean pairs = call.isSet("interleaved");
        Var first = pairs ? strided(part, 0, mil) : mil.slice(part, 3, 0, turned / 2);
        Var second = pairs ? strided(part, 1, mil) : mil.slice(part, 3, turned / 2, turned);
        Var real = mil.sub(mil.mul(cos, first), mil.mul(sin, second));
        Var imaginary = mil.add(mil.mul(sin, first), mil.mul(cos, second));
        Var made = pairs
                ? mil.reshape(mil.stack(List.of(real, imaginary), 4), part.sizes())
                : mil.concat(List.of(real, imaginary), 3);
        if (turned < size) {
            made = mil.concat(List.of(made, mil.slice(x, 3, turned, size)), 3);
        }
        if (packed) {
            made = mil.reshape(mil.transpose(made, 0, 2, 1, 3), given.sizes());
        }
        call.result(made, call.declared(0));
    }

    /** The caches by position, with an axis for the heads. */
    private static Var angles(Call call, int index, Mil mil) {
        Var cache = call.in(index);
        Var rows = call.has(3) ? mil.gather(cache, call.in(3), 0) : cache;
        return mil.expandDims(rows, 1);
    }

    private static Var strided(Var x, long from, Mil mil) {
        long[] begin = {0, 0, 0, from};
        long[] end = x.sizes();
        boolean[] none = new boolean[4];
        long[] sizes = x.sizes();
        sizes[3] /= 2;
        return mil.slice(x, begin, end, new long[] {1, 1, 1, 2}, none, none, Shapes.of(sizes));
    }

    /** The recurrence over the sequence, step by step, in float32 whatever the operands' type. */
    private static void linearAttention(Call call, Mil mil) {
        long heads = call.integer("q_num_heads");
        long shared = call.integer("kv_num_heads");
        Var q = AttentionRules.heads(wide(call, 0, mil), heads, mil);
        Var k = AttentionRules.heads(wide(call, 1, mil), shared, mil);
        Var v = AttentionRules.heads(wide(call, 2, mil), shared, mil);
        long steps = q.size(2);
        if (steps > MOST_STEPS) {
            throw Refusals.unsupported("a recurrence of " + steps + " steps");
        }
        double stated = call.real("scale", 0);
        double scale = stated == 0 ? 1 / Math.sqrt((double) q.size(3)) : stated;
        String rule = call.text("update_rule", "gated_delta");
        Var decay = rule.startsWith("gated") ? decay(call, shared, k.size(3), mil) : null;
        Var rate = rule.endsWith("delta") ? perHead(wide(call, 5, mil), mil) : null;
        Var state = call.has(3)
                ? wide(call, 3, mil)
                : mil.filled(k.element(), 0, Shapes.of(k.size(0), shared, k.size(3), v.size(3)));
        List<Var> outputs = new ArrayList<>();
        for (long step = 0; step < steps; step++) {
            Var key = mil.transpose(mil.slice(k, 2, step, step + 1), 0, 1, 3, 2);
            Var value = mil.slice(v, 2, step, step + 1);
            if (decay != null) {
                Var gate = mil.exp(mil.transpose(mil.slice(decay, 2, step, step + 1), 0, 1, 3, 2));
                state = mil.mul(state, gate);
            }
            if (rate != null) {
                Var known = mil.matmul(key, state, true, false);
                value = mil.mul(mil.slice(rate, 2, step, step + 1), mil.sub(value, known));
            }
            state = mil.add(state, mil.mul(key, value));
            Var read = AttentionRules.repeated(state, heads, mil);
            outputs.add(mil.matmul(mil.slice(q, 2, step, step + 1), read, false, false));
        }
        Var all = mil.concat(outputs, 2);
        Var scaled = mil.transpose(mil.mul(all, mil.like(all, scale)), 0, 2, 1, 3);
        long width = scaled.size(2) * scaled.size(3);
        Var packed = mil.reshape(scaled, scaled.size(0), scaled.size(1), width);
        call.result(0, mil.cast(packed, call.element(call.declared(0))), call.declared(0));
        DType kept = call.has(3) ? call.declared(3) : call.declared(0);
        call.result(1, mil.cast(state, call.element(kept)), kept);
    }

    private static Var wide(Call call, int index, Mil mil) {
        return mil.cast(call.in(index), MilDataType.FLOAT32);
    }

    /** A decay for each key dimension, or one a head. */
    private static Var decay(Call call, long heads, long size, Mil mil) {
        Var given = wide(call, 4, mil);
        return given.size(2) == heads * size && size != 1
                ? AttentionRules.heads(given, heads, mil)
                : perHead(given, mil);
    }

    /** (batch, sequence, heads) to (batch, heads, sequence, 1). */
    private static Var perHead(Var x, Mil mil) {
        long[] sizes = Arrays.copyOf(x.sizes(), 4);
        sizes[3] = 1;
        return mil.transpose(mil.reshape(x, sizes), 0, 2, 1, 3);
    }
}
