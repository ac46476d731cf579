package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Operators that give elements another shape or order. */
final class ShapeRules {
    private ShapeRules() {}

    static void register(Rules rules) {
        rules.add("Reshape", ShapeRules::reshape);
        rules.add("Flatten", ShapeRules::flatten);
        rules.add("Squeeze", ShapeRules::squeeze);
        rules.add("Unsqueeze", ShapeRules::unsqueeze);
        rules.add(
                "Transpose",
                (node, mlx) -> mlx.transpose(
                        node.input(0),
                        node.integers("perm")
                                .map(list -> list.stream().map(Math::toIntExact).toList())
                                .orElseGet(() ->
                                        Shapes.range(0, node.input(0).rank()).reversed())));
        rules.add(
                "Concat",
                (node, mlx) -> mlx.concatenate(
                        node.operands(), node.axis("axis", 1, node.input(0).rank())));
        rules.addAll("Split", ShapeRules::split);
        rules.add("Expand", ShapeRules::expand);
        rules.add("Tile", ShapeRules::tile);
        rules.add("Shape", ShapeRules::shape);
        rules.add("Size", (node, mlx) -> size(Shapes.product(node.input(0).shape()), mlx));
        rules.add("DepthToSpace", ShapeRules::depthToSpace);
        rules.add("SpaceToDepth", ShapeRules::spaceToDepth);
    }

    /** 0 keeps a size unless {@code allowzero}; one −1 is what remains. */
    private static Operand reshape(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        List<Expression> target = node.has(1)
                ? node.sizes(1, "the shape")
                : Shapes.of(node.integers("shape").orElseThrow(() -> node.malformed("has no shape")));
        boolean keepsZero = node.flag("allowzero", false);
        Expression zero = Expression.of(0);
        Expression rest = Expression.of(-1);
        List<Expression> shape = new ArrayList<>();
        for (int axis = 0; axis < target.size(); axis++) {
            boolean copied = target.get(axis).equals(zero) && !keepsZero;
            Expression size = copied ? x.size(axis) : target.get(axis);
            shape.add(size.equals(rest) ? Shapes.ONE : size);
        }
        int open = target.indexOf(rest);
        if (open >= 0) {
            shape.set(open, Shapes.quotient(Shapes.product(x.shape()), Shapes.product(shape)));
        }
        return mlx.reshape(x, shape);
    }

    private static Operand flatten(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        long stated = node.integer("axis", 1);
        int axis = Math.toIntExact(stated < 0 ? stated + x.rank() : stated);
        return mlx.reshape(
                x,
                List.of(
                        Shapes.product(x.shape().subList(0, axis)),
                        Shapes.product(x.shape().subList(axis, x.rank()))));
    }

    private static Operand squeeze(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        Optional<List<Long>> axes = node.integers(1, "axes", "the axes");
        return mlx.squeeze(
                x,
                axes.map(list -> node.axes(list, x.rank()))
                        .orElseGet(() -> Shapes.range(0, x.rank()).stream()
                                .filter(axis -> x.fixed(axis) == 1)
                                .toList()));
    }

    private static Operand unsqueeze(Operation node, Primitives mlx) {
        List<Long> axes = node.integers(1, "axes", "the axes").orElseThrow(() -> node.malformed("has no axes"));
        return mlx.expandDims(node.input(0), node.axes(axes, node.input(0).rank() + axes.size()));
    }

    private static List<Operand> split(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        int axis = node.axis("axis", 0, x.rank());
        Optional<List<Long>> stated = node.integers(1, "split", "the sizes");
        if (stated.isPresent()) {
            return mlx.split(x, stated.get(), axis);
        }
        int count = Math.toIntExact(node.integer("num_outputs", node.outputs()));
        long each = Math.ceilDiv(x.fixed(axis), (long) count);
        List<Long> sizes = new ArrayList<>(Collections.nCopies(count, each));
        sizes.set(count - 1, x.fixed(axis) - each * (count - 1));
        return mlx.split(x, sizes, axis);
    }

    private static Operand expand(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        return mlx.broadcast(x, Shapes.broadcast(x.shape(), node.sizes(1, "the shape")));
    }

    private static Operand tile(Operation node, Primitives mlx) {
        return tiled(node.input(0), node.integers(1, "the repeats"), mlx);
    }

    static Operand tiled(Operand x, List<Long> repeats, Primitives mlx) {
        List<Expression> apart = new ArrayList<>();
        List<Expression> wide = new ArrayList<>();
        List<Expression> shape = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            apart.addAll(List.of(Shapes.ONE, x.size(axis)));
            wide.addAll(List.of(Expression.of(repeats.get(axis)), x.size(axis)));
            shape.add(Shapes.times(Expression.of(repeats.get(axis)), x.size(axis)));
        }
        return mlx.reshape(mlx.broadcast(mlx.reshape(x, apart), wide), shape);
    }

    private static Operand size(Expression count, Primitives mlx) {
        return count.constant().isPresent()
                ? mlx.constant(Tensor.ofLongs(List.of(), count.constant().getAsLong()))
                : mlx.counted(List.of(count), List.of());
    }

    private static Operand shape(Operation node, Primitives mlx) {
        List<Expression> shape = node.input(0).shape();
        int rank = shape.size();
        long start = node.integer("start", 0);
        long end = node.integer("end", rank);
        int from = Math.toIntExact(Math.clamp(start < 0 ? start + rank : start, 0, rank));
        int to = Math.toIntExact(Math.clamp(end < 0 ? end + rank : end, from, rank));
        List<Expression> part = shape.subList(from, to);
        return part.stream().allMatch(size -> size.constant().isPresent())
                ? mlx.integers(Shapes.fixed(part))
                : mlx.counted(part, List.of(Expression.of(part.size())));
    }

    private static Operand depthToSpace(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        Expression b = Expression.of(node.integer("blocksize"));
        long block = node.integer("blocksize");
        Expression depth = Expression.of(x.fixed(1) / (block * block));
        boolean blocksFirst = node.text("mode", "DCR").equals("DCR");
        List<Expression> apart = blocksFirst
                ? List.of(x.size(0), b, b, depth, x.size(2), x.size(3))
                : List.of(x.size(0), depth, b, b, x.size(2), x.size(3));
        List<Integer> order = blocksFirst ? List.of(0, 3, 4, 1, 5, 2) : List.of(0, 1, 4, 2, 5, 3);
        List<Expression> shape = List.of(x.size(0), depth, Shapes.times(x.size(2), b), Shapes.times(x.size(3), b));
        return mlx.reshape(mlx.transpose(mlx.reshape(x, apart), order), shape);
    }

    private static Operand spaceToDepth(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        long block = node.integer("blocksize");
        Expression b = Expression.of(block);
        Expression height = Shapes.dividedBy(x.size(2), block);
        Expression width = Shapes.dividedBy(x.size(3), block);
        Operand apart = mlx.reshape(x, List.of(x.size(0), x.size(1), height, b, width, b));
        List<Expression> shape =
                List.of(x.size(0), Shapes.times(x.size(1), Expression.of(block * block)), height, width);
        return mlx.reshape(mlx.transpose(apart, List.of(0, 3, 5, 1, 2, 4)), shape);
    }

    /** Elements of a type as a new tensor. */
    static Tensor filled(DType dtype, List<Long> shape, Tensor value) {
        Tensor tensor = Tensor.allocate(dtype, shape);
        for (long i = 0; i < tensor.elements(); i++) {
            if (dtype.isFloating()) {
                tensor.set(i, value.doubleAt(0));
            } else {
                tensor.set(i, value.longAt(0));
            }
        }
        return tensor;
    }
}
