package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * Random bits of a key: threefry2x32 with 20 rounds (Salmon and others, "Parallel random numbers: as easy as 1, 2, 3"), over two
 * counters whose results fill the lower and the upper half of the words.
 */
final class RandomRules {
    private static final int[][] ROTATIONS = {{13, 15, 26, 6}, {17, 29, 16, 24}};
    private static final long PARITY = 0x1BD11BDAL;
    private static final long MOST_WORDS = 1L << 24;
    private static final Map<String, Attribute> LEFT = Map.of("direction", new Attribute.Text("LEFT"));
    private static final Map<String, Attribute> RIGHT = Map.of("direction", new Attribute.Text("RIGHT"));

    private RandomRules() {}

    static void register(Rules rules) {
        rules.add("RandomBits", 2, 1, RandomRules::bits);
    }

    private static void bits(MlxNode node, Emitter out) {
        MlxValue key = node.input(0);
        MlxValue result = node.output();
        long width = node.integer(1);
        long count = Tensor.elements(result.fixedShape().orElse(List.of(MOST_WORDS + 1)));
        if (key.rank() != 1 || width != 4 || count > MOST_WORDS) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED,
                    node.file(),
                    node.path(),
                    "only words of 32 bits of one key, in a fixed number, can be drawn");
        }
        long half = count / 2;
        long odd = count % 2;
        // An odd word in the middle is the first result of a last pair, whose second counter is 0.
        String[] words = hashed(
                key,
                counters(half + odd, i -> i, out),
                counters(half + odd, i -> i == half ? 0 : i + half + odd, out),
                out);
        String upper = odd == 0
                ? words[1]
                : out.inner("Slice", words[1], out.integers(List.of(0)), out.integers(List.of(half)));
        String all = out.inner("Concat", Attributes.of("axis", 0), words[0], upper);
        ShapeRules.reshape(result, all, out);
    }

    private static String[] hashed(MlxValue key, String first, String second, Emitter out) {
        String[] keys = new String[3];
        keys[0] = out.inner("Gather", out.of(key), out.scalar(DType.INT64, 0));
        keys[1] = out.inner("Gather", out.of(key), out.scalar(DType.INT64, 1));
        keys[2] = out.inner("BitwiseXor", out.inner("BitwiseXor", keys[0], keys[1]), word(PARITY, out));
        String a = out.inner("Add", first, keys[0]);
        String b = out.inner("Add", second, keys[1]);
        for (int round = 0; round < 5; round++) {
            for (int rotation : ROTATIONS[round % 2]) {
                a = out.inner("Add", a, b);
                String high = out.inner("BitShift", LEFT, b, word(rotation, out));
                String low = out.inner("BitShift", RIGHT, b, word(32 - rotation, out));
                b = out.inner("BitwiseXor", out.inner("BitwiseOr", high, low), a);
            }
            a = out.inner("Add", a, keys[(round + 1) % 3]);
            b = out.inner("Add", out.inner("Add", b, keys[(round + 2) % 3]), word(round + 1L, out));
        }
        return new String[] {a, b};
    }

    private static String counters(long count, LongUnaryOperator at, Emitter out) {
        Tensor counters = Tensor.allocate(DType.UINT32, List.of(count));
        for (long i = 0; i < count; i++) {
            counters.set(i, at.applyAsLong(i));
        }
        return out.constant(counters);
    }

    private static String word(long value, Emitter out) {
        Tensor word = Tensor.allocate(DType.UINT32, List.of());
        word.set(0, value);
        return out.constant(word);
    }
}
