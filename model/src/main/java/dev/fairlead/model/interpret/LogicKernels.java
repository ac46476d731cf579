package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;

/** Comparison, logic of booleans, and logic of bits. */
final class LogicKernels {
    private LogicKernels() {}

    static void register(Kernels kernels) {
        kernels.add("Greater", Elementwise.compare((a, b) -> a > b, (dtype, a, b) -> Widths.compare(dtype, a, b) > 0));
        kernels.add(
                "GreaterOrEqual",
                Elementwise.compare((a, b) -> a >= b, (dtype, a, b) -> Widths.compare(dtype, a, b) >= 0));
        kernels.add("Less", Elementwise.compare((a, b) -> a < b, (dtype, a, b) -> Widths.compare(dtype, a, b) < 0));
        kernels.add(
                "LessOrEqual",
                Elementwise.compare((a, b) -> a <= b, (dtype, a, b) -> Widths.compare(dtype, a, b) <= 0));
        kernels.add("Equal", LogicKernels::equal);
        kernels.add("And", bits((a, b) -> a & b));
        kernels.add("Or", bits((a, b) -> a | b));
        kernels.add("Xor", bits((a, b) -> a ^ b));
        kernels.add("Not", call -> Elementwise.one(Numbers.map(call.integers(0), value -> value ^ 1)));
        kernels.add("BitwiseAnd", bits((a, b) -> a & b));
        kernels.add("BitwiseOr", bits((a, b) -> a | b));
        kernels.add("BitwiseXor", bits((a, b) -> a ^ b));
        kernels.add("BitwiseNot", call -> {
            DType dtype = call.integers(0).dtype();
            return Elementwise.one(Numbers.map(call.integers(0), value -> Widths.wrap(dtype, ~value)));
        });
        kernels.add("Where", LogicKernels::where);
    }

    private interface Bits {
        long apply(long first, long second);
    }

    private static Kernel bits(Bits bits) {
        return call -> Elementwise.binary(
                        (_, _) -> {
                            throw call.malformed("inputs hold no integers");
                        },
                        (_, a, b) -> bits.apply(a, b))
                .run(call);
    }

    private static List<Datum> equal(Call call) {
        if (!(call.array(0) instanceof Array.Texts first)) {
            return Elementwise.compare((a, b) -> a == b, (_, a, b) -> a == b).run(call);
        }
        Array.Texts second = call.texts(1);
        int[] shape = Shapes.broadcast(call, first.shape(), second.shape());
        int[] a = Shapes.broadcastIndices(first.shape(), shape);
        int[] b = Shapes.broadcastIndices(second.shape(), shape);
        long[] values = new long[a.length];
        Arrays.setAll(values, i -> first.values()[a[i]].equals(second.values()[b[i]]) ? 1 : 0);
        return Elementwise.one(new Array.Integers(DType.BOOL, shape, values));
    }

    private static List<Datum> where(Call call) {
        Array.Integers condition = call.integers(0);
        Array yes = call.array(1);
        Array no = call.array(2);
        if (!Elements.alike(yes, no)) {
            throw call.malformed("inputs 1 and 2 are not of one type");
        }
        int[] shape = Shapes.broadcast(call, condition.shape(), yes.shape(), no.shape());
        int[] conditions = Shapes.broadcastIndices(condition.shape(), shape);
        int[] yeses = Shapes.broadcastIndices(yes.shape(), shape);
        int[] nos = Shapes.broadcastIndices(no.shape(), shape);
        Array result = Elements.blank(yes, shape);
        for (int i = 0; i < conditions.length; i++) {
            if (condition.values()[conditions[i]] != 0) {
                Elements.copy(yes, yeses[i], result, i);
            } else {
                Elements.copy(no, nos[i], result, i);
            }
        }
        return Elementwise.one(result);
    }
}
