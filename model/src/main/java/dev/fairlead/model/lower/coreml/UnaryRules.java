package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.tensor.DType;

/** Operators of one operand that work on each element. */
final class UnaryRules {
    private UnaryRules() {}

    static void register(Rules rules) {
        rules.add("Abs", (call, mil) -> call.result(Carried.wrap(mil.abs(call.in(0)), call.declared(0), mil)));
        rules.add("Neg", (call, mil) -> call.result(Carried.wrap(mil.negative(call.in(0)), call.declared(0), mil)));
        rules.add("Sign", (call, mil) -> call.result(mil.unary("sign", call.in(0))));
        rules.add("Identity", UnaryRules::identity);
        rules.add("Acos", same("acos"));
        rules.add("Asin", same("asin"));
        rules.add("Atan", same("atan"));
        rules.add("Atanh", same("atanh"));
        rules.add("Ceil", same("ceil"));
        rules.add("Cos", same("cos"));
        rules.add("Cosh", same("cosh"));
        rules.add("Erf", same("erf"));
        rules.add("Exp", same("exp"));
        rules.add("Floor", same("floor"));
        rules.add("Round", same("round"));
        rules.add("Sin", same("sin"));
        rules.add("Sinh", same("sinh"));
        rules.add("Sqrt", same("sqrt"));
        rules.add("Tan", same("tan"));
        rules.add("Tanh", same("tanh"));
        rules.add("Log", (call, mil) -> call.result(mil.log(call.in(0))));
        rules.add("Reciprocal", (call, mil) -> call.result(mil.div(mil.like(call.in(0), 1), call.in(0))));
        rules.add("Acosh", (call, mil) -> call.result(acosh(call.in(0), mil)));
        rules.add("Asinh", (call, mil) -> call.result(asinh(call.in(0), mil)));
        rules.add("Not", (call, mil) -> call.result(mil.not(call.in(0))));
        rules.add("IsNaN", (call, mil) -> call.result(isNaN(call.in(0), mil)));
        rules.add("IsInf", UnaryRules::isInf);
        rules.add("Cast", (call, mil) -> cast(call, DTypes.of(call.integer("to")), mil));
        rules.add("CastLike", (call, mil) -> cast(call, call.declared(1), mil));
        rules.add("BitwiseNot", UnaryRules::bitwiseNot);
    }

    private static Rule same(String type) {
        return (call, mil) -> call.result(mil.unary(type, call.in(0)));
    }

    private static void identity(Call call, Mil mil) {
        if (call.constant(0).isPresent()) {
            call.result(0, call.constant(0).get());
        } else {
            call.result(call.in(0), call.declared(0));
        }
    }

    /**
     * acosh x = atanh(√(x − 1) √(x + 1) / x) near 1, where it loses no digits, and ln x + ln(1 + √(1 − 1/x²)) beyond 2, where the first
     * form would.
     */
    private static Var acosh(Var x, Mil mil) {
        Var one = mil.like(x, 1);
        Var small = mil.min(x, mil.like(x, 2));
        // Two roots, for below -1 the product is positive again.
        Var root = mil.mul(mil.sqrt(mil.sub(small, one)), mil.sqrt(mil.add(small, one)));
        Var near = mil.unary("atanh", mil.div(root, small));
        Var inverse = mil.div(one, x);
        Var rest = mil.sqrt(mil.mul(mil.sub(one, inverse), mil.add(one, inverse)));
        Var far = mil.add(mil.log(x), mil.log(mil.add(one, rest)));
        return mil.select(mil.greater(x, mil.like(x, 2)), far, near);
    }

    /** asinh x = atanh(x / √(1 + x²)) to 1, and ±(ln|x| + ln(1 + √(1 + 1/x²))) beyond, which does not overflow. */
    private static Var asinh(Var x, Mil mil) {
        Var one = mil.like(x, 1);
        Var size = mil.abs(x);
        Var small = mil.min(mil.max(x, mil.like(x, -1)), one);
        Var near = mil.unary("atanh", mil.div(small, mil.sqrt(mil.add(one, mil.square(small)))));
        Var large = mil.max(size, one);
        Var inverse = mil.div(one, large);
        Var root = mil.sqrt(mil.add(one, mil.square(inverse)));
        Var far = mil.add(mil.log(large), mil.log(mil.add(one, root)));
        return mil.select(mil.greater(size, one), mil.mul(mil.unary("sign", x), far), near);
    }

    static Var isNaN(Var x, Mil mil) {
        return mil.compare("not_equal", x, x);
    }

    private static void isInf(Call call, Mil mil) {
        Var x = call.in(0);
        boolean negative = call.integer("detect_negative", 1) != 0;
        boolean positive = call.integer("detect_positive", 1) != 0;
        Var above = mil.equal(x, mil.like(x, Double.POSITIVE_INFINITY));
        Var below = mil.equal(x, mil.like(x, Double.NEGATIVE_INFINITY));
        if (negative && positive) {
            call.result(mil.or(above, below));
        } else if (negative || positive) {
            call.result(negative ? below : above);
        } else {
            call.result(mil.and(above, below));
        }
    }

    private static void cast(Call call, DType to, Mil mil) {
        DType from = call.declared(0);
        if (from == to) {
            identity(call, mil);
            return;
        }
        Var x = call.in(0);
        MilDataType element = call.element(to);
        Var cast = mil.cast(x, element);
        boolean fits = from == DType.BOOL
                || (from.isInteger()
                        && to.isInteger()
                        && (to.kind() == from.kind() ? to.bits() >= from.bits() : to.bits() > from.bits())
                        && to.kind() != DType.Kind.UNSIGNED);
        call.result(fits ? cast : Carried.wrap(cast, to, mil), to);
    }

    /** −1 − x in two's complement. */
    private static void bitwiseNot(Call call, Mil mil) {
        Var x = call.in(0);
        call.result(Carried.wrap(mil.sub(mil.integer(-1), x), call.declared(0), mil), call.declared(0));
    }
}
