package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.LongStream;

/** Arithmetic on sizes that depend on symbols, as graphs do it between Shape and Reshape. */
final class SymbolicSizes {
    private final Operation node;
    private final Primitives mlx;

    private SymbolicSizes(Operation node, Primitives mlx) {
        this.node = node;
        this.mlx = mlx;
    }

    /** The node's result, if it computes with such sizes; empty for all other nodes. */
    static Optional<Operand> result(Operation node, Primitives mlx) {
        if (LongStream.range(0, node.inputs()).anyMatch(i -> node.isSequence(Math.toIntExact(i)))) {
            return Optional.empty();
        }
        boolean any =
                node.operands().stream().anyMatch(operand -> operand.counted().isPresent());
        boolean all =
                node.operands().stream().allMatch(operand -> operand.elements().isPresent());
        return any && all ? new SymbolicSizes(node, mlx).result() : Optional.empty();
    }

    private Optional<Operand> result() {
        return switch (node.op()) {
            case "Identity", "Cast" -> Optional.of(node.input(0));
            case "Add" -> Optional.of(each(Shapes::plus));
            case "Sub" -> Optional.of(each(Shapes::minus));
            case "Mul" -> Optional.of(each(Shapes::times));
            case "Div" -> Optional.of(each((a, b) -> Shapes.quotient(a, b)));
            case "Gather" -> Optional.of(gather());
            case "Slice" -> Optional.of(slice());
            case "Concat" -> Optional.of(concat());
            case "Squeeze" -> Optional.of(made(sizes(0), List.of()));
            case "Unsqueeze" ->
                node.input(0).rank() == 0 ? Optional.of(made(sizes(0), List.of(Shapes.ONE))) : Optional.empty();
            case "Reshape" -> Optional.of(made(sizes(0), List.of(Expression.of(sizes(0).size()))));
            case "ReduceProd" ->
                Optional.of(made(
                        List.of(Shapes.product(sizes(0))),
                        node.flag("keepdims", true) ? List.of(Shapes.ONE) : List.of()));
            default -> Optional.empty();
        };
    }

    private List<Expression> sizes(int input) {
        return node.sizes(input, "a size");
    }

    private Operand made(List<Expression> sizes, List<Expression> shape) {
        boolean fixed = sizes.stream().allMatch(size -> size.constant().isPresent());
        return fixed && shape.size() == 1 ? mlx.integers(Shapes.fixed(sizes)) : mlx.counted(sizes, shape);
    }

    private Operand each(BinaryOperator<Expression> operator) {
        List<Expression> a = sizes(0);
        List<Expression> b = sizes(1);
        List<Expression> results = new ArrayList<>();
        for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
            results.add(operator.apply(a.get(a.size() == 1 ? 0 : i), b.get(b.size() == 1 ? 0 : i)));
        }
        boolean scalar = node.input(0).rank() == 0 && node.input(1).rank() == 0;
        return made(results, scalar ? List.of() : List.of(Expression.of(results.size())));
    }

    private Operand gather() {
        List<Expression> from = sizes(0);
        List<Expression> picked = node.integers(1, "the indices").stream()
                .map(index -> from.get(Math.toIntExact(index < 0 ? index + from.size() : index)))
                .toList();
        return made(picked, node.input(1).shape());
    }

    private Operand slice() {
        List<Expression> from = sizes(0);
        int start = place(node.integers(1, "the starts").getFirst(), from.size());
        int end = place(node.integers(2, "the ends").getFirst(), from.size());
        if (node.has(4) && node.integers(4, "the steps").getFirst() != 1) {
            throw Refusal.of("sizes picked by steps");
        }
        List<Expression> part = start < end ? from.subList(start, end) : List.of();
        return made(part, List.of(Expression.of(part.size())));
    }

    private static int place(long index, int size) {
        return Math.toIntExact(Math.clamp(index < 0 ? index + size : index, 0, size));
    }

    private Operand concat() {
        List<Expression> all = LongStream.range(0, node.inputs())
                .mapToObj(i -> sizes(Math.toIntExact(i)))
                .flatMap(List::stream)
                .toList();
        return made(all, List.of(Expression.of(all.size())));
    }
}
