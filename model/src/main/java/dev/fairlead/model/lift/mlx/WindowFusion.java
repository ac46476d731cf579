package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pooling by windows that do not overlap, which MLX traces as a reshape to six axes and more, a transposition and one reduction: the
 * windows are closed one after the other, each between all axes before it and all after it. Extrema are the same in any order; sums are
 * left as they are. Core ML has no tensor of more than five axes.
 */
final class WindowFusion implements Fusions.Fusion {
    private static final int MIN = 4;
    private static final int MAX = 5;
    private static final int FEW = 5;

    @Override
    public Rule rule() {
        return new Rule("fused windows", 0, 1, (node, out) -> {});
    }

    @Override
    public Optional<Fusions.Match> match(MlxNode node, Emitter out) {
        if (!node.op().equals("Squeeze")) {
            return Optional.empty();
        }
        Pattern pattern = new Pattern(out);
        Optional<MlxNode> reduce = pattern.made(node.input(0), "Reduce");
        Optional<MlxNode> transpose = reduce.flatMap(found -> pattern.made(found.input(0), "Transpose"));
        Optional<MlxNode> reshape = transpose.flatMap(found -> pattern.made(found.input(0), "Reshape"));
        if (reduce.isEmpty() || transpose.isEmpty() || reshape.isEmpty()) {
            return Optional.empty();
        }
        List<Integer> order =
                transpose.get().integers(0).stream().map(Math::toIntExact).toList();
        List<Long> reduced = reduce.get().integers(1);
        List<Expression> sizes = reshape.get().output().shape();
        long kind = reduce.get().integer(0);
        boolean fits = sizes.size() > FEW
                && node.output().rank() <= FEW
                && (kind == MIN || kind == MAX)
                && node.output().dtype().isFloating()
                && node.integers(0).equals(reduced)
                && staysInOrder(order, reduced);
        List<Integer> windows = reduced.stream()
                .map(axis -> order.get(Math.toIntExact(axis)))
                .sorted()
                .toList();
        // Only the size before the first window may depend on the inputs.
        boolean known = sizes.stream().skip(1).allMatch(size -> size.constant().isPresent());
        return fits && known && !windows.contains(0)
                ? Optional.of(new Fusions.Match(
                        pattern.inside(), () -> write(node, reshape.get().input(0), sizes, windows, kind == MAX, out)))
                : Optional.empty();
    }

    private static boolean staysInOrder(List<Integer> order, List<Long> reduced) {
        List<Integer> stay = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            if (!reduced.contains((long) i)) {
                stay.add(order.get(i));
            }
        }
        return stay.equals(stay.stream().sorted().toList());
    }

    private static void write(
            MlxNode node, MlxValue x, List<Expression> sizes, List<Integer> windows, boolean max, Emitter out) {
        List<Expression> left = new ArrayList<>(sizes);
        String at = out.of(x);
        String axis = out.integers(List.of(1));
        // From the last window to the first, so that the axes before keep their numbers.
        for (int window : windows.reversed()) {
            List<Expression> three = List.of(
                    product(left.subList(0, window)), left.get(window), product(left.subList(window + 1, left.size())));
            String apart = out.inner("Reshape", at, ShapeRules.target(three, out));
            at = out.inner(
                    "Where",
                    ReduceRules.extreme(
                            max,
                            apart,
                            Attributes.of("keepdims", 0),
                            axis,
                            node.output().dtype(),
                            out));
            left.remove(window);
        }
        out.result(node.output(), "Reshape", at, ShapeRules.target(node.output().shape(), out));
    }

    private static Expression product(List<Expression> sizes) {
        Expression product = Expression.of(1);
        for (Expression size : sizes) {
            product = product.times(size);
        }
        return product;
    }
}
