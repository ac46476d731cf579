package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Products of matrices. */
final class LinearRules {
    private LinearRules() {}

    static void register(Rules rules) {
        rules.add("linear", LinearRules::linear);
        rules.add("matmul", LinearRules::matmul);
        rules.add("einsum", LinearRules::einsum);
    }

    /** {@code x · weightᵀ + bias}. The weight keeps its bytes: it is transposed by Gemm, or by a node that runtimes fold. */
    private static void linear(Invocation call, Emitter out) {
        Operand x = call.get("x");
        DType dtype = call.dtype(x);
        String weight = out.as(call.get("weight"), dtype);
        String bias = call.has("bias") ? out.as(call.get("bias"), dtype) : "";
        if (call.rank(x) == 2) {
            out.result("Gemm", Attributes.of("transB", 1), out.of(x), weight, bias);
            return;
        }
        String transposed = out.inner("Transpose", Attributes.of("perm", List.of(1, 0)), weight);
        if (bias.isEmpty()) {
            out.result("MatMul", out.of(x), transposed);
        } else {
            out.result("Add", out.inner("MatMul", out.of(x), transposed), bias);
        }
    }

    private static void matmul(Invocation call, Emitter out) {
        Operand x = call.get("x");
        Operand y = call.get("y");
        String[] operands = BinaryRules.operands(call, out);
        operands[0] = transposed(operands[0], x, call.flag("transpose_x", false), call, out);
        operands[1] = transposed(operands[1], y, call.flag("transpose_y", false), call, out);
        out.result("MatMul", operands);
    }

    private static String transposed(String value, Operand operand, boolean wanted, Invocation call, Emitter out) {
        int rank = call.rank(operand);
        if (!wanted || rank < 2) {
            return value;
        }
        List<Integer> perm = new ArrayList<>(Slicing.axes(rank));
        perm.set(rank - 2, rank - 1);
        perm.set(rank - 1, rank - 2);
        return out.inner("Transpose", Attributes.of("perm", perm), value);
    }

    private static void einsum(Invocation call, Emitter out) {
        out.result("Einsum", Attributes.text("equation", call.text("equation")), out.of(call.all("values")));
    }
}
