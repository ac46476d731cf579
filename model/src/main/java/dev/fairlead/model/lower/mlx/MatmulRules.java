package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Products of matrices. */
final class MatmulRules {
    /** Up to so many products of two 8-bit numbers add up exactly in float32: 256 · 255² is below 2²⁴. */
    private static final long EXACT = 256;

    /** Rows up to which a determinant is written out: the number of products is their factorial. */
    private static final long MINORS = 5;

    private MatmulRules() {}

    static void register(Rules rules) {
        rules.add("MatMul", (node, mlx) -> matmul(node.input(0), node.input(1), mlx));
        rules.add("Gemm", MatmulRules::gemm);
        rules.add("Einsum", (node, mlx) -> Einsum.lower(node.text("equation", ""), node.operands(), mlx));
        rules.add("MatMulInteger", MatmulRules::integer);
        rules.add("Det", (node, mlx) -> determinant(node.input(0), mlx));
    }

    /** Vectors are matrices of one row or column. */
    static Operand matmul(Operand a, Operand b, Primitives mlx) {
        Operand left = a.rank() == 1 ? mlx.expandDims(a, 0) : a;
        Operand right = b.rank() == 1 ? mlx.expandDims(b, 1) : b;
        Operand product = a.isFloating() ? mlx.matmul(left, right) : small(left, right, mlx);
        List<Integer> gone = new ArrayList<>();
        if (a.rank() == 1) {
            gone.add(product.rank() - 2);
        }
        if (b.rank() == 1) {
            gone.add(product.rank() - 1);
        }
        return mlx.squeeze(product, gone);
    }

    /** MLX multiplies no matrices of integers; summed products of all pairs are the same numbers. */
    private static Operand small(Operand a, Operand b, Primitives mlx) {
        Operand left = mlx.expandDims(a, a.rank());
        Operand right = mlx.expandDims(b, b.rank() - 2);
        Operand products = mlx.multiply(left, right);
        return mlx.squeeze(mlx.sum(products, List.of(products.rank() - 2)), products.rank() - 2);
    }

    private static Operand gemm(Operation node, Primitives mlx) {
        Operand a = node.flag("transA", false) ? mlx.swapped(node.input(0)) : node.input(0);
        Operand b = node.flag("transB", false) ? mlx.swapped(node.input(1)) : node.input(1);
        double alpha = node.real("alpha", 1);
        double beta = node.real("beta", 1);
        if (!a.isFloating()) {
            throw Refusal.of("MLX multiplies matrices of floating types only, not "
                    + a.dtype().text());
        }
        Optional<Operand> c = node.optional(2);
        if (c.isPresent() && beta != 0) {
            return mlx.addMm(a, b, c.get(), alpha, beta);
        }
        Operand product = mlx.matmul(a, b);
        return alpha == 1 ? product : mlx.multiply(product, alpha);
    }

    /** By minors along the first row; MLX can't export its factorisations. */
    private static Operand determinant(Operand x, Primitives mlx) {
        int row = x.rank() - 2;
        int column = x.rank() - 1;
        long size = x.fixed(column);
        if (size > MINORS) {
            throw Refusal.of("the determinant of " + size + " rows, more than " + MINORS);
        }
        if (size == 1) {
            return mlx.squeeze(x, List.of(row, column));
        }
        Operand top = mlx.slice(x, row, 0, 1);
        Operand rest = mlx.slice(x, row, 1, size);
        Operand sum = null;
        for (long i = 0; i < size; i++) {
            List<Operand> sides = new ArrayList<>();
            if (i > 0) {
                sides.add(mlx.slice(rest, column, 0, i));
            }
            if (i < size - 1) {
                sides.add(mlx.slice(rest, column, i + 1, size));
            }
            Operand factor = mlx.squeeze(mlx.slice(top, column, i, i + 1), List.of(row, column));
            Operand part = mlx.multiply(factor, determinant(mlx.concatenate(sides, column), mlx));
            if (sum == null) {
                sum = part;
            } else {
                sum = i % 2 == 0 ? mlx.add(sum, part) : mlx.subtract(sum, part);
            }
        }
        return sum == null ? mlx.like(x, 1) : sum;
    }

    private static Operand integer(Operation node, Primitives mlx) {
        Operand a = shifted(node.input(0), node.optional(2), true, mlx);
        Operand b = shifted(node.input(1), node.optional(3), false, mlx);
        return exact(a, b, mlx);
    }

    /** Less its zero point, as float32, where every 8-bit difference is exact. A vector belongs to rows, or to columns. */
    static Operand shifted(Operand x, Optional<Operand> zero, boolean rows, Primitives mlx) {
        Operand wide = mlx.cast(x, DType.FLOAT32);
        return zero.map(point -> {
                    Operand own = mlx.cast(point, DType.FLOAT32);
                    boolean column = rows && own.rank() == 1 && x.rank() > 1 && !Shapes.isOne(own.size(0));
                    return mlx.subtract(wide, column ? mlx.expandDims(own, 1) : own);
                })
                .orElse(wide);
    }

    /** The product of matrices of 9-bit integers, which float32 holds: in parts whose sums are exact, added as int32. */
    static Operand exact(Operand a, Operand b, Primitives mlx) {
        Operand left = a.rank() == 1 ? mlx.expandDims(a, 0) : a;
        Operand right = b.rank() == 1 ? mlx.expandDims(b, 1) : b;
        long depth = left.fixed(left.rank() - 1);
        Operand sum = null;
        for (long from = 0; from < depth; from += EXACT) {
            long to = Math.min(from + EXACT, depth);
            Operand part = mlx.cast(
                    mlx.matmul(
                            mlx.slice(left, left.rank() - 1, from, to), mlx.slice(right, right.rank() - 2, from, to)),
                    DType.INT32);
            sum = sum == null ? part : mlx.add(sum, part);
        }
        if (sum == null) {
            List<Expression> shape = mlx.matmul(left, right).shape();
            sum = mlx.broadcast(mlx.scalar(DType.INT32, 0L), shape);
        }
        List<Integer> gone = new ArrayList<>();
        if (a.rank() == 1) {
            gone.add(sum.rank() - 2);
        }
        if (b.rank() == 1) {
            gone.add(sum.rank() - 1);
        }
        return mlx.squeeze(sum, gone);
    }
}
