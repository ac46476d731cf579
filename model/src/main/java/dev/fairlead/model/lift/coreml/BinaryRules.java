package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.tensor.DType;
import java.util.Map;

/** Elementwise operations of two operands, which broadcast as ONNX' do, and choice. */
final class BinaryRules {
    private static final Map<String, String> DIRECT = Map.ofEntries(
            Map.entry("add", "Add"),
            Map.entry("sub", "Sub"),
            Map.entry("mul", "Mul"),
            Map.entry("pow", "Pow"),
            Map.entry("maximum", "Max"),
            Map.entry("minimum", "Min"),
            Map.entry("equal", "Equal"),
            Map.entry("greater", "Greater"),
            Map.entry("greater_equal", "GreaterOrEqual"),
            Map.entry("less", "Less"),
            Map.entry("less_equal", "LessOrEqual"),
            Map.entry("logical_and", "And"),
            Map.entry("logical_or", "Or"),
            Map.entry("logical_xor", "Xor"));

    private BinaryRules() {}

    static void register(Rules rules) {
        DIRECT.forEach((operation, onnx) -> rules.add(operation, (call, out) -> {
            String[] operands = operands(call, out);
            out.result(onnx, operands);
        }));
        rules.add("not_equal", (call, out) -> out.result("Not", out.inner("Equal", operands(call, out))));
        rules.add("real_div", BinaryRules::realDivision);
        rules.add("floor_div", BinaryRules::floorDivision);
        rules.add("mod", BinaryRules::modulo);
        rules.add(
                "select",
                (call, out) -> out.result(
                        "Where", out.as(call.get("cond"), DType.BOOL), out.of(call.get("a")), out.of(call.get("b"))));
    }

    /** Both operands in one type: from iOS 17 on a constant may have another one than the operand beside it. */
    static String[] operands(Invocation call, Emitter out) {
        Operand x = call.get("x");
        Operand y = call.get("y");
        DType dtype = x instanceof Operand.Constant ? call.dtype(y) : call.dtype(x);
        return new String[] {out.as(x, dtype), out.as(y, dtype)};
    }

    private static boolean isFloating(Invocation call) {
        return call.dtype(call.get("x")).isFloating();
    }

    private static void realDivision(Invocation call, Emitter out) {
        if (!isFloating(call)) {
            throw call.unsupported("what real_div of integers rounds to is not documented");
        }
        out.result("Div", operands(call, out));
    }

    /** Rounds down; ONNX' own division of integers rounds toward zero, but its Mod has the divisor's sign. */
    private static void floorDivision(Invocation call, Emitter out) {
        String[] operands = operands(call, out);
        if (isFloating(call)) {
            out.result("Floor", out.inner("Div", operands));
        } else {
            String whole = out.inner("Sub", operands[0], out.inner("Mod", operands));
            out.result("Div", whole, operands[1]);
        }
    }

    /** The remainder with the divisor's sign. ONNX has it for integers; of floats only the one with the dividend's sign. */
    private static void modulo(Invocation call, Emitter out) {
        String[] operands = operands(call, out);
        if (!isFloating(call)) {
            out.result("Mod", operands);
            return;
        }
        String zero = out.scalar(call.dtype(call.get("x")), 0);
        String rest = out.inner("Mod", Attributes.of("fmod", 1), operands);
        String differs = out.inner("Xor", out.inner("Less", rest, zero), out.inner("Less", operands[1], zero));
        String adjust = out.inner("And", differs, out.inner("Not", out.inner("Equal", rest, zero)));
        out.result("Where", adjust, out.inner("Add", rest, operands[1]), rest);
    }
}
