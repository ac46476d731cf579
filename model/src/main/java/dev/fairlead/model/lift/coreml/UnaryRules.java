package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/** Elementwise operations of one operand, their hidden epsilons written out. */
final class UnaryRules {
    private static final Map<String, String> DIRECT = Map.ofEntries(
            Map.entry("abs", "Abs"),
            Map.entry("acos", "Acos"),
            Map.entry("asin", "Asin"),
            Map.entry("atan", "Atan"),
            Map.entry("atanh", "Atanh"),
            Map.entry("ceil", "Ceil"),
            Map.entry("cos", "Cos"),
            Map.entry("cosh", "Cosh"),
            Map.entry("erf", "Erf"),
            Map.entry("exp", "Exp"),
            Map.entry("floor", "Floor"),
            Map.entry("logical_not", "Not"),
            Map.entry("round", "Round"),
            Map.entry("sign", "Sign"),
            Map.entry("sin", "Sin"),
            Map.entry("sinh", "Sinh"),
            Map.entry("sqrt", "Sqrt"),
            Map.entry("tan", "Tan"),
            Map.entry("tanh", "Tanh"));

    private static final Map<String, DType> TYPES = Map.of(
            "bool", DType.BOOL,
            "fp16", DType.FLOAT16,
            "fp32", DType.FLOAT32,
            "int8", DType.INT8,
            "uint8", DType.UINT8,
            "int16", DType.INT16,
            "uint16", DType.UINT16,
            "int32", DType.INT32);

    private UnaryRules() {}

    static void register(Rules rules) {
        DIRECT.forEach((operation, onnx) ->
                rules.add(operation, (call, out) -> out.result(onnx, out.of(call.get("x")))));
        rules.add("exp2", (call, out) -> out.result("Pow", out.scalar(call.outputDtype(), 2), out.of(call.get("x"))));
        rules.add("square", (call, out) -> out.result("Mul", out.of(call.get("x")), out.of(call.get("x"))));
        rules.add("inverse", (call, out) -> out.result("Reciprocal", shifted(call, out, 1e-4)));
        rules.add("log", (call, out) -> out.result("Log", shifted(call, out, 1e-45)));
        rules.add("rsqrt", (call, out) -> out.result("Reciprocal", out.inner("Sqrt", shifted(call, out, 1e-12))));
        rules.add("threshold", UnaryRules::threshold);
        rules.add("clip", UnaryRules::clip);
        rules.add("cast", UnaryRules::cast);
    }

    /** {@code x + epsilon}; just x where epsilon is zero in x's type. */
    private static String shifted(Invocation call, Emitter out, double otherwise) {
        Operand x = call.get("x");
        Tensor epsilon = Tensor.scalar(call.dtype(x), call.real("epsilon", otherwise));
        return epsilon.doubleAt(0) == 0 ? out.of(x) : out.inner("Add", out.of(x), out.constant(epsilon));
    }

    private static void threshold(Invocation call, Emitter out) {
        out.result("Max", out.of(call.get("x")), out.scalar(call.outputDtype(), call.real("alpha")));
    }

    private static void clip(Invocation call, Emitter out) {
        DType dtype = call.outputDtype();
        out.result(
                "Clip",
                out.of(call.get("x")),
                out.scalar(dtype, call.real("alpha")),
                out.scalar(dtype, call.real("beta")));
    }

    private static void cast(Invocation call, Emitter out) {
        String name = call.text("dtype");
        DType dtype =
                Optional.ofNullable(TYPES.get(name)).orElseThrow(() -> call.unsupported("no type is called " + name));
        Operand x = call.get("x");
        if (call.dtype(x) == dtype) {
            out.alias(call.output(), x);
        } else {
            out.result("Cast", Attributes.to(dtype), out.of(x));
        }
    }
}
