package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The fields of packed words. MLX's dequantize cuts each out by a shift to the left and one to the right, and joins them; one shift by
 * a vector and a mask give the same integers.
 */
final class UnpackFusion implements Fusions.Fusion {
    private static final int WORD = 32;
    private static final int LEFT = 3;
    private static final int RIGHT = 4;

    @Override
    public Rule rule() {
        return new Rule("fused unpacking", 0, 1, (node, out) -> {});
    }

    @Override
    public Optional<Fusions.Match> match(MlxNode node, Emitter out) {
        int count = node.inputs().size();
        boolean joined = node.op().equals("Concatenate")
                && node.output().dtype() == DType.UINT32
                && count > 1
                && WORD % count == 0
                && node.integer(0) == node.output().rank() - 1;
        if (!joined) {
            return Optional.empty();
        }
        int bits = WORD / count;
        Pattern pattern = new Pattern(out);
        Optional<MlxValue> words = Optional.empty();
        for (int i = 0; i < count; i++) {
            Optional<MlxValue> found = word(node.inputs().get(i), bits, i, pattern);
            if (found.isEmpty() || (words.isPresent() && !words.equals(found))) {
                return Optional.empty();
            }
            words = found;
        }
        MlxValue packed = words.orElseThrow();
        return Optional.of(new Fusions.Match(pattern.inside(), () -> write(node, packed, count, bits, out)));
    }

    /** What a field is cut out of, if it is the field at this place. */
    private static Optional<MlxValue> word(MlxValue field, int bits, int place, Pattern pattern) {
        Optional<MlxNode> column = pattern.made(field, "ExpandDims")
                .filter(found -> found.integers(0).equals(List.of(found.output().rank() - 1L)));
        Optional<MlxNode> right = column.flatMap(found -> pattern.made(found.input(0), "BitwiseBinary"))
                .filter(found -> shifts(found, RIGHT, WORD - bits, pattern));
        return right.flatMap(found -> pattern.made(found.input(0), "BitwiseBinary"))
                .filter(found -> shifts(found, LEFT, WORD - bits * (place + 1), pattern))
                .map(found -> found.input(0));
    }

    private static boolean shifts(MlxNode node, int kind, int by, Pattern pattern) {
        OptionalDouble amount = pattern.number(node.input(1));
        return node.integer(0) == kind && amount.isPresent() && amount.getAsDouble() == by;
    }

    private static void write(MlxNode node, MlxValue words, int count, int bits, Emitter out) {
        Tensor places = Tensor.allocate(DType.UINT32, List.of((long) count));
        for (int i = 0; i < count; i++) {
            places.set(i, (long) i * bits);
        }
        Tensor mask = Tensor.allocate(DType.UINT32, List.of());
        mask.set(0, (1L << bits) - 1);
        String column = out.inner("Unsqueeze", out.of(words), out.integers(List.of(-1)));
        Map<String, Attribute> right = Map.of("direction", new Attribute.Text("RIGHT"));
        String shifted = out.inner("BitShift", right, column, out.constant(places));
        out.result(node.output(), "BitwiseAnd", shifted, out.constant(mask));
    }
}
