package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reductions and what else removes axes by number. */
final class ReductionShapes {
    private ReductionShapes() {}

    static void register(ShapeRules rules) {
        rules.add(
                List.of("ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMean", "ReduceSumSquare"),
                at -> reduce(at, (a, b) -> Optional.empty()));
        rules.add("ReduceSum", at -> reduce(at, Sizes::plus));
        rules.add("ReduceProd", at -> reduce(at, Sizes::times));
        rules.add("ReduceMax", at -> reduce(at, Numbers::largest));
        rules.add("ReduceMin", at -> reduce(at, Numbers::smallest));
        rules.add(List.of("ArgMax", "ArgMin"), ReductionShapes::argument);
    }

    private static List<Fact> reduce(Inference at, Numbers.Binary operator) {
        Optional<List<Dim>> shape = at.shape(0);
        Optional<List<Long>> axes = at.listed("axes", 1, Optional.of(List.of()));
        boolean keep = at.integer("keepdims", 1) != 0;
        boolean nothing = at.integer("noop_with_empty_axes", 0) != 0;
        if (shape.isEmpty() || axes.isEmpty()) {
            Optional<List<Dim>> out =
                    keep && at.rank(0).isPresent() ? at.rank(0).map(Shapes::unknown) : Optional.empty();
            return List.of(Fact.of(at.dtype(0), out));
        }
        if (axes.get().isEmpty() && nothing) {
            return ElementwiseShapes.same(at);
        }
        int rank = shape.get().size();
        Set<Integer> reduced = new HashSet<>();
        axes.get().forEach(axis -> reduced.add(at.axis(axis, rank)));
        List<Dim> out = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            if (!axes.get().isEmpty() && !reduced.contains(axis)) {
                out.add(shape.get().get(axis));
            } else if (keep) {
                out.add(Sizes.fixed(1));
            }
        }
        return List.of(Fact.of(at.dtype(0), Optional.of(out)).holding(total(at, operator)));
    }

    /** Of a list; a scalar's reduction is itself. */
    private static Optional<List<Optional<Expression>>> total(Inference at, Numbers.Binary operator) {
        Fact input = at.input(0);
        if (input.elements().isEmpty()
                || !Numbers.countsSizes(input)
                || input.rank().orElse(2) > 1) {
            return Optional.empty();
        }
        List<Optional<Expression>> numbers = input.elements().get();
        if (numbers.isEmpty()) {
            return Optional.empty();
        }
        Optional<Expression> sum = numbers.getFirst();
        for (Optional<Expression> number : numbers.subList(1, numbers.size())) {
            sum = sum.flatMap(a -> number.flatMap(b -> operator.apply(a, b)));
        }
        return Optional.of(List.of(sum));
    }

    private static List<Fact> argument(Inference at) {
        Optional<List<Dim>> out = at.shape(0).map(shape -> {
            int axis = at.axis(at.integer("axis", 0), shape.size());
            if (shape.isEmpty()) {
                return shape;
            }
            return at.integer("keepdims", 1) != 0
                    ? Shapes.with(shape, axis, Sizes.fixed(1))
                    : Shapes.without(shape, axis);
        });
        return List.of(Fact.of(Optional.of(DType.INT64), out));
    }
}
