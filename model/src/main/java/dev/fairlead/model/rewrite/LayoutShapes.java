package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Operators that arrange all of their input's elements anew. */
final class LayoutShapes {
    private LayoutShapes() {}

    static void register(ShapeRules rules) {
        rules.add("Identity", at -> List.of(at.input(0)));
        rules.add("Reshape", LayoutShapes::reshape);
        rules.add("Flatten", LayoutShapes::flatten);
        rules.add("Squeeze", LayoutShapes::squeeze);
        rules.add("Unsqueeze", LayoutShapes::unsqueeze);
        rules.add("Transpose", LayoutShapes::transpose);
        rules.add("Expand", LayoutShapes::expand);
        rules.add("Tile", LayoutShapes::tile);
        rules.add("DepthToSpace", at -> blocks(at, false));
        rules.add("SpaceToDepth", at -> blocks(at, true));
    }

    private static List<Fact> reshape(Inference at) {
        Fact input = at.input(0);
        Optional<List<Optional<Expression>>> target = at.elements(1)
                .or(() -> at.integers("shape")
                        .map(sizes -> sizes.stream()
                                .map(size -> Optional.of(Expression.of(size)))
                                .toList()));
        if (target.isEmpty()) {
            // The number of sizes is the rank, though the sizes are not known.
            Optional<List<Dim>> out = at.shape(1)
                    .filter(shape -> shape.size() == 1)
                    .flatMap(Numbers::fixed)
                    .filter(length -> length[0] <= 64)
                    .map(length -> Shapes.unknown((int) length[0]));
            return List.of(Fact.of(input.dtype(), out));
        }
        boolean copiesZero = at.integer("allowzero", 0) == 0;
        List<Dim> out = new ArrayList<>();
        int rest = -1;
        Set<Integer> copied = new HashSet<>();
        for (int i = 0; i < target.get().size(); i++) {
            Optional<Expression> size = target.get().get(i);
            long constant = size.isPresent() ? size.get().constant().orElse(1) : 1;
            if (constant == -1) {
                if (rest >= 0) {
                    throw at.malformed("shape has -1 twice");
                }
                rest = i;
                out.add(Sizes.fixed(1));
            } else if (constant == 0 && copiesZero) {
                copied.add(i);
                out.add(at.dim(0, i));
            } else {
                out.add(Sizes.dim(size));
            }
        }
        if (rest >= 0) {
            out.set(rest, remaining(input, out, rest, copied));
        }
        checkCount(at, input, out);
        Fact result = Fact.of(input.dtype(), Optional.of(out));
        return List.of(Numbers.fixed(out).isPresent() ? result.holding(input.elements()) : result);
    }

    /** What -1 stands for; copied sizes cancel though they are unknown. */
    private static Dim remaining(Fact input, List<Dim> out, int rest, Set<Integer> copied) {
        if (input.shape().isEmpty()) {
            return new Dim.Unknown();
        }
        List<Dim> above = new ArrayList<>();
        List<Dim> below = new ArrayList<>();
        List<Dim> from = input.shape().get();
        IntStream.range(0, from.size()).filter(i -> !copied.contains(i)).forEach(i -> above.add(from.get(i)));
        IntStream.range(0, out.size())
                .filter(i -> i != rest && !copied.contains(i))
                .forEach(i -> below.add(out.get(i)));
        boolean empty = below.contains(Sizes.fixed(0));
        return empty ? new Dim.Unknown() : Sizes.quotient(above, below);
    }

    private static void checkCount(Inference at, Fact input, List<Dim> out) {
        if (input.count() instanceof Dim.Fixed(long before)
                && Sizes.product(out) instanceof Dim.Fixed(long after)
                && before != after) {
            throw at.malformed("reshapes " + before + " elements to " + out);
        }
    }

    private static List<Fact> flatten(Inference at) {
        Optional<List<Dim>> out = at.shape(0).map(shape -> {
            long axis = at.integer("axis", 1);
            long split = axis < 0 ? axis + shape.size() : axis;
            if (split < 0 || split > shape.size()) {
                throw at.malformed("axis " + axis + " of a tensor of rank " + shape.size());
            }
            return List.of(
                    Sizes.product(shape.subList(0, (int) split)),
                    Sizes.product(shape.subList((int) split, shape.size())));
        });
        return List.of(Fact.of(at.dtype(0), out.or(() -> Optional.of(Shapes.unknown(2)))));
    }

    private static List<Fact> squeeze(Inference at) {
        Fact input = at.input(0);
        Optional<List<Long>> axes = at.listed("axes", 1, Optional.of(List.of()));
        Optional<List<Dim>> out = axes.flatMap(list -> input.shape().flatMap(shape -> squeezed(at, shape, list)));
        return List.of(Fact.of(input.dtype(), out).holding(out.isPresent() ? input.elements() : Optional.empty()));
    }

    private static Optional<List<Dim>> squeezed(Inference at, List<Dim> shape, List<Long> axes) {
        boolean all = axes.isEmpty() && at.integers("axes").isEmpty() && !at.has(1);
        Set<Integer> removed = new HashSet<>();
        axes.forEach(axis -> removed.add(at.axis(axis, shape.size())));
        List<Dim> out = new ArrayList<>();
        for (int axis = 0; axis < shape.size(); axis++) {
            boolean fixed = shape.get(axis) instanceof Dim.Fixed;
            if (all && !fixed) {
                return Optional.empty();
            }
            if (removed.contains(axis) && fixed && !Sizes.isOne(shape.get(axis))) {
                throw at.malformed("squeezes axis " + axis + " of size " + shape.get(axis));
            }
            if (all ? !Sizes.isOne(shape.get(axis)) : !removed.contains(axis)) {
                out.add(shape.get(axis));
            }
        }
        return Optional.of(out);
    }

    private static List<Fact> unsqueeze(Inference at) {
        Fact input = at.input(0);
        Optional<List<Dim>> out = at.listed("axes", 1, Optional.empty())
                .flatMap(axes -> input.shape().map(shape -> {
                    int rank = shape.size() + axes.size();
                    Set<Integer> added = new TreeSet<>();
                    axes.forEach(axis -> added.add(at.axis(axis, rank)));
                    if (added.size() != axes.size()) {
                        throw at.malformed("axes " + axes + " name one twice");
                    }
                    List<Dim> dims = new ArrayList<>(shape);
                    added.forEach(axis -> dims.add(axis, Sizes.fixed(1)));
                    return dims;
                }));
        return List.of(Fact.of(input.dtype(), out).holding(out.isPresent() ? input.elements() : Optional.empty()));
    }

    private static List<Fact> transpose(Inference at) {
        Optional<List<Dim>> out = at.shape(0).map(shape -> {
            List<Long> order = at.integers("perm")
                    .orElseGet(() -> IntStream.range(0, shape.size())
                            .mapToObj(i -> (long) shape.size() - 1 - i)
                            .toList());
            if (order.size() != shape.size()) {
                throw at.malformed("perm " + order + " of a tensor of rank " + shape.size());
            }
            return order.stream()
                    .map(axis -> shape.get(at.axis(axis, shape.size())))
                    .toList();
        });
        return List.of(
                Fact.of(at.dtype(0), out).holding(at.rank(0).orElse(2) <= 1 ? at.elements(0) : Optional.empty()));
    }

    private static List<Fact> expand(Inference at) {
        Optional<List<Dim>> wanted =
                at.elements(1).map(list -> list.stream().map(Sizes::dim).toList());
        Optional<List<Dim>> out = Shapes.broadcast(at.shape(0), wanted);
        if (out.isEmpty() && at.rank(0).isPresent()) {
            out = at.shape(1)
                    .flatMap(Numbers::fixed)
                    .filter(length -> length.length == 1 && length[0] <= 64)
                    .map(length ->
                            Shapes.unknown((int) Math.max(length[0], at.rank(0).get())));
        }
        return List.of(Fact.of(at.dtype(0), out).holding(Numbers.stretch(at.input(0), out)));
    }

    private static List<Fact> tile(Inference at) {
        Optional<List<Optional<Expression>>> repeats = at.elements(1);
        Optional<List<Dim>> out = at.shape(0).map(shape -> {
            List<Dim> dims = new ArrayList<>();
            for (int axis = 0; axis < shape.size(); axis++) {
                int index = axis;
                Dim times = repeats.filter(list -> index < list.size())
                        .map(list -> Sizes.dim(list.get(index)))
                        .orElse(new Dim.Unknown());
                dims.add(Sizes.times(shape.get(axis), times));
            }
            return dims;
        });
        return List.of(Fact.of(at.dtype(0), out));
    }

    private static List<Fact> blocks(Inference at, boolean toDepth) {
        long size = at.integer("blocksize", 0);
        Optional<List<Dim>> out = at.shape(0)
                .filter(shape -> shape.size() == 4 && size > 0 && size <= 1 << 15)
                .map(shape -> toDepth
                        ? List.of(
                                shape.get(0),
                                Sizes.times(shape.get(1), size * size),
                                Sizes.floorDiv(shape.get(2), size),
                                Sizes.floorDiv(shape.get(3), size))
                        : List.of(
                                shape.get(0),
                                Sizes.floorDiv(shape.get(1), size * size),
                                Sizes.times(shape.get(2), size),
                                Sizes.times(shape.get(3), size)));
        return List.of(Fact.of(at.dtype(0), out));
    }
}
