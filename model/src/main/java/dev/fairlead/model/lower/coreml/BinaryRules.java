package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.function.BinaryOperator;

/** Arithmetic, comparison and logic of two or more broadcast operands. */
final class BinaryRules {
    private BinaryRules() {}

    static void register(Rules rules) {
        rules.add("Add", arithmetic("add"));
        rules.add("Sub", arithmetic("sub"));
        rules.add("Mul", arithmetic("mul"));
        rules.add("Div", BinaryRules::divide);
        rules.add("Mod", BinaryRules::remainder);
        rules.add("Pow", BinaryRules::power);
        rules.add("Max", (call, mil) -> fold(call, mil::max));
        rules.add("Min", (call, mil) -> fold(call, mil::min));
        rules.add("Sum", (call, mil) -> fold(call, mil::add));
        rules.add("Mean", BinaryRules::mean);
        rules.add("Equal", compare("equal"));
        rules.add("Greater", compare("greater"));
        rules.add("GreaterOrEqual", compare("greater_equal"));
        rules.add("Less", compare("less"));
        rules.add("LessOrEqual", compare("less_equal"));
        rules.add("And", logical("logical_and"));
        rules.add("Or", logical("logical_or"));
        rules.add("Xor", logical("logical_xor"));
        rules.add("Where", BinaryRules::where);
        rules.add("BitShift", BinaryRules::shift);
        rules.add("PRelu", BinaryRules::prelu);
    }

    private static Rule arithmetic(String type) {
        return (call, mil) -> {
            Var[] operands = operands(call, mil);
            call.result(Carried.wrap(mil.binary(type, operands[0], operands[1]), call.declared(0), mil));
        };
    }

    /** Both operands; before opset 7 the second may be broadcast along an axis. */
    private static Var[] operands(Call call, Mil mil) {
        Var x = call.in(0);
        Var y = call.in(1);
        if (call.opset() < 7 && call.isSet("broadcast") && call.attribute("axis") != null) {
            int axis = x.axis(call.integer("axis"));
            int after = x.rank() - axis - y.rank();
            y = mil.expandDims(y, Arithmetic.axes(y.rank(), y.rank() + after));
        }
        return new Var[] {x, y};
    }

    private static Rule compare(String type) {
        return (call, mil) -> {
            Var[] operands = operands(call, mil);
            call.result(mil.compare(type, operands[0], operands[1]), DType.BOOL);
        };
    }

    private static Rule logical(String type) {
        return (call, mil) -> {
            Var[] operands = operands(call, mil);
            call.result(mil.logical(type, operands[0], operands[1]), DType.BOOL);
        };
    }

    private static void fold(Call call, BinaryOperator<Var> operator) {
        call.result(call.ins().stream().reduce(operator).orElseThrow());
    }

    private static void mean(Call call, Mil mil) {
        List<Var> operands = call.ins();
        Var sum = operands.stream().reduce(mil::add).orElseThrow();
        call.result(mil.div(sum, mil.like(sum, operands.size())));
    }

    private static void divide(Call call, Mil mil) {
        Var[] operands = operands(call, mil);
        Var x = operands[0];
        Var y = operands[1];
        call.result(x.isInteger() ? Carried.wrap(truncated(x, y, mil), call.declared(0), mil) : mil.div(x, y));
    }

    /** ONNX divides integers towards zero, MIL's floor_div rounds down: one more where signs differ and something is left. */
    static Var truncated(Var x, Var y, Mil mil) {
        Var floor = mil.binary("floor_div", x, y);
        Var zero = mil.integer(0);
        Var rest = mil.sub(x, mil.mul(floor, y));
        Var differ = mil.logical("logical_xor", mil.less(x, zero), mil.less(y, zero));
        Var inexact = mil.compare("not_equal", rest, zero);
        return mil.add(floor, mil.cast(mil.and(differ, inexact), MilDataType.INT32));
    }

    /** MIL's mod has the divisor's sign, as ONNX' has for integers; fmod has the dividend's. */
    private static void remainder(Call call, Mil mil) {
        Var x = call.in(0);
        Var y = call.in(1);
        if (!call.isSet("fmod")) {
            if (x.isReal()) {
                throw Refusals.malformed("Mod of floating numbers without fmod");
            }
            call.result(mil.binary("mod", x, y));
            return;
        }
        Var rest = mil.binary("mod", mil.abs(x), mil.abs(y));
        call.result(mil.select(mil.less(x, mil.like(x, 0)), mil.negative(rest), rest));
    }

    /** The result has the base's type. An integer base with a floating exponent is computed in floating numbers. */
    private static void power(Call call, Mil mil) {
        Var x = call.in(0);
        Var y = call.in(1);
        if (x.isReal()) {
            call.result(mil.pow(x, mil.cast(y, x.element())), call.declared(0));
        } else if (y.isReal()) {
            throw Refusals.unsupported("a power of integers with a floating exponent");
        } else {
            call.result(Carried.wrap(mil.pow(x, y), call.declared(0), mil), call.declared(0));
        }
    }

    private static void where(Call call, Mil mil) {
        call.result(mil.select(call.in(0), call.in(1), call.in(2)), call.declared(1));
    }

    /** Shifts are products with and quotients by powers of two; the narrow types leave room for them in int32. */
    private static void shift(Call call, Mil mil) {
        DType declared = call.declared(0);
        if (!Carried.isNarrow(declared)) {
            throw Refusals.unsupported("a shift of " + declared.text());
        }
        Var x = call.in(0);
        Var y = call.in(1);
        // What is shifted by the width or more is zero; the exponent is kept where the power fits.
        Var shift = mil.min(y, mil.integer(declared.bits()));
        Var factor = mil.pow(mil.expand(mil.integer(2), shift.shape()), shift);
        if (call.text("direction", "").equals("RIGHT")) {
            call.result(mil.binary("floor_div", x, factor), declared);
        } else {
            // At most 16 bits by at most 16 bits; the product of the remainders is what is left of it.
            Var kept = mil.binary(
                    "mod",
                    x,
                    mil.binary("floor_div", mil.integer(1L << declared.bits()), mil.max(factor, mil.integer(1))));
            call.result(mil.mul(kept, factor), declared);
        }
    }

    private static void prelu(Call call, Mil mil) {
        Var x = call.in(0);
        Var slope = call.in(1);
        if (call.opset() < 7 && slope.rank() == 1 && x.rank() > 1 && slope.size(0) != 1) {
            slope = ConvolutionRules.perChannel(slope, x.rank(), mil);
        }
        Var zero = mil.like(x, 0);
        Var scaled = mil.mul(x, slope);
        call.result(mil.select(mil.less(x, zero), scaled, mil.expand(x, scaled.shape())));
    }
}
