package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import java.util.Arrays;
import java.util.Optional;

/** Reductions over axes. */
final class ReduceRules {
    private ReduceRules() {}

    /** Reduces axes of what it is given. */
    private interface Reduction {
        Var reduce(Var x, int[] axes, boolean keep, Mil mil);
    }

    static void register(Rules rules) {
        rules.add("ReduceSum", rule(13, (x, axes, keep, mil) -> mil.reduce("reduce_sum", x, axes, keep)));
        rules.add("ReduceMean", rule(18, ReduceRules::mean));
        rules.add("ReduceMax", rule(18, (x, axes, keep, mil) -> mil.reduce("reduce_max", x, axes, keep)));
        rules.add("ReduceMin", rule(18, (x, axes, keep, mil) -> mil.reduce("reduce_min", x, axes, keep)));
        rules.add("ReduceProd", rule(18, (x, axes, keep, mil) -> mil.reduce("reduce_prod", x, axes, keep)));
        rules.add("ReduceL1", rule(18, (x, axes, keep, mil) -> mil.reduce("reduce_sum", mil.abs(x), axes, keep)));
        rules.add("ReduceL2", rule(18, ReduceRules::euclidean));
        rules.add(
                "ReduceSumSquare",
                rule(18, (x, axes, keep, mil) -> mil.reduce("reduce_sum", mil.square(x), axes, keep)));
        rules.add("ReduceLogSum", rule(18, (x, axes, keep, mil) -> mil.log(mil.reduce("reduce_sum", x, axes, keep))));
        rules.add("ReduceLogSumExp", rule(18, ReduceRules::logSumExp));
    }

    /** @param since the opset from which axes are an input */
    private static Rule rule(int since, Reduction reduction) {
        return (call, mil) -> {
            Var given = call.in(0);
            boolean keep = call.integer("keepdims", 1) != 0;
            Optional<long[]> stated = call.opset() < since ? call.integers("axes") : call.optionalLongs(1, "axes");
            boolean none = stated.isEmpty() || stated.get().length == 0;
            if (none && call.isSet("noop_with_empty_axes")) {
                // No axis is reduced, but what is done to each element still is.
                call.result(back(reduction.reduce(flagless(given, mil), new int[0], true, mil), given, mil));
                return;
            }
            int[] axes = none
                    ? Arithmetic.axes(0, given.rank())
                    : Arrays.stream(stated.get())
                            .mapToInt(axis -> given.axis(axis))
                            .toArray();
            Var made = reduction.reduce(flagless(given, mil), axes, keep, mil);
            call.result(Carried.wrap(back(made, given, mil), call.declared(0), mil), call.declared(0));
        };
    }

    private static Var flagless(Var x, Mil mil) {
        return x.isFlag() ? mil.cast(x, MilDataType.INT32) : x;
    }

    private static Var back(Var made, Var given, Mil mil) {
        return given.isFlag() ? mil.cast(made, MilDataType.BOOL) : made;
    }

    /** Integers are summed and divided towards zero, as ONNX does. */
    private static Var mean(Var x, int[] axes, boolean keep, Mil mil) {
        if (x.isReal()) {
            return mil.reduce("reduce_mean", x, axes, keep);
        }
        long count = 1;
        for (int axis : axes) {
            count *= x.size(axis);
        }
        return BinaryRules.truncated(mil.reduce("reduce_sum", x, axes, keep), mil.integer(count), mil);
    }

    private static Var euclidean(Var x, int[] axes, boolean keep, Mil mil) {
        if (!x.isReal()) {
            throw Refusals.unsupported("a Euclidean norm of integers");
        }
        return mil.sqrt(mil.reduce("reduce_sum", mil.square(x), axes, keep));
    }

    /** With the largest element taken out first, so that nothing overflows. */
    private static Var logSumExp(Var x, int[] axes, boolean keep, Mil mil) {
        if (axes.length == 0) {
            return x;
        }
        return mil.reduce("reduce_log_sum_exp", x, axes, keep);
    }
}
