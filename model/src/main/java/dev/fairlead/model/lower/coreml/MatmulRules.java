package dev.fairlead.model.lower.coreml;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Matrix products. */
final class MatmulRules {
    private MatmulRules() {}

    static void register(Rules rules) {
        rules.add("MatMul", (call, mil) -> call.result(product(call.in(0), call.in(1), mil)));
        rules.add("Gemm", MatmulRules::gemm);
        rules.add("Det", MatmulRules::determinant);
    }

    /** NumPy's matmul: a vector gets an axis for the product and loses it afterwards. */
    static Var product(Var x, Var y, Mil mil) {
        Var left = x.rank() == 1 ? mil.expandDims(x, 0) : x;
        Var right = y.rank() == 1 ? mil.expandDims(y, 1) : y;
        int rank = Math.max(left.rank(), right.rank());
        Var made = mil.matmul(raised(left, rank, mil), raised(right, rank, mil), false, false);
        int[] extra = IntStream.of(x.rank() == 1 ? rank - 2 : -1, y.rank() == 1 ? rank - 1 : -1)
                .filter(axis -> axis >= 0)
                .toArray();
        return mil.squeeze(made, extra);
    }

    private static Var raised(Var x, int rank, Mil mil) {
        return mil.expandDims(x, Arithmetic.axes(0, rank - x.rank()));
    }

    private static void gemm(Call call, Mil mil) {
        Var a = call.in(0);
        Var b = call.in(1);
        double alpha = call.real("alpha", 1);
        double beta = call.real("beta", 1);
        Var product = mil.matmul(a, b, call.isSet("transA"), call.isSet("transB"));
        if (alpha != 1) {
            product = mil.mul(product, scale(product, alpha, mil));
        }
        if (call.has(2)) {
            Var c = call.in(2);
            product = mil.add(product, beta == 1 ? c : mil.mul(c, scale(c, beta, mil)));
        }
        call.result(product);
    }

    private static Var scale(Var x, double factor, Mil mil) {
        if (x.isInteger() && factor != Math.rint(factor)) {
            throw Refusals.unsupported("integers times " + factor);
        }
        return mil.like(x, factor);
    }

    /** Expanded by the first row, down to products of single elements. */
    private static void determinant(Call call, Mil mil) {
        Var x = call.in(0);
        int size = Math.toIntExact(x.size(-1));
        if (size > 4) {
            throw Refusals.unsupported("a determinant of " + size + " rows");
        }
        call.result(determinant(x, IntStream.range(0, size).toArray(), 0, mil));
    }

    private static Var determinant(Var x, int[] columns, int row, Mil mil) {
        Var sum = null;
        for (int i = 0; i < columns.length; i++) {
            int left = i;
            Var element = mil.at(mil.at(x, x.rank() - 2, row), x.rank() - 2, columns[i]);
            Var term = columns.length == 1
                    ? element
                    : mil.mul(
                            element,
                            determinant(
                                    x,
                                    IntStream.range(0, columns.length)
                                            .filter(j -> j != left)
                                            .map(j -> columns[j])
                                            .toArray(),
                                    row + 1,
                                    mil));
            sum = sum == null ? term : i % 2 == 0 ? mil.add(sum, term) : mil.sub(sum, term);
        }
        if (sum == null) {
            throw Refusals.unsupported("a determinant of " + Arrays.toString(columns));
        }
        return sum;
    }
}
