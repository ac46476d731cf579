package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.provenance.WeightTransform;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Complex numbers as two real values, for ONNX has no operators on them. What moves or adds numbers does so with each part; products
 * and transforms take both.
 */
final class ComplexRules {
    private static final Set<String> BY_PART = Set.of(
            "Add",
            "Broadcast",
            "BroadcastAxes",
            "Concatenate",
            "Copy",
            "ExpandDims",
            "Flatten",
            "Full",
            "Gather",
            "GatherAxis",
            "Negative",
            "Pad",
            "Reshape",
            "Select",
            "Slice",
            "Split",
            "Squeeze",
            "StopGradient",
            "Subtract",
            "Transpose",
            "Unflatten");
    private static final Map<String, Lowering> OTHERS = Map.ofEntries(
            Map.entry("AsType", ComplexRules::cast),
            Map.entry("Real", (node, out) -> out.result(node.output(), "Identity", real(node.input(0), out))),
            Map.entry("Imag", (node, out) -> out.result(node.output(), "Identity", imaginary(node.input(0), out))),
            Map.entry("Conjugate", ComplexRules::conjugate),
            Map.entry("Abs", ComplexFunctions::absolute),
            Map.entry("Exp", ComplexFunctions::exponential),
            Map.entry("Multiply", (node, out) -> product(node, "Mul", node.input(1), out)),
            Map.entry("Square", (node, out) -> product(node, "Mul", node.input(0), out)),
            Map.entry("Matmul", (node, out) -> product(node, "MatMul", node.input(1), out)),
            Map.entry("Divide", ComplexFunctions::quotient),
            Map.entry("Log", ComplexFunctions::logarithm),
            Map.entry("Sqrt", ComplexFunctions::root),
            Map.entry("Sin", (node, out) -> ComplexFunctions.circular(node, "Sin", "Cos", false, out)),
            Map.entry("Cos", (node, out) -> ComplexFunctions.circular(node, "Cos", "Sin", true, out)),
            Map.entry("Equal", (node, out) -> out.result(node.output(), "Identity", same(node, out))),
            Map.entry("NotEqual", (node, out) -> out.result(node.output(), "Not", same(node, out))),
            Map.entry("FFT", FourierRules::transform));

    private ComplexRules() {}

    /** These have no rule for real numbers. */
    static void register(Rules rules) {
        Map.of("Real", 0, "Imag", 0, "Conjugate", 0, "FFT", 4)
                .forEach((op, arity) -> rules.add(op, arity, 1, Objects.requireNonNull(OTHERS.get(op))));
    }

    static boolean uses(MlxNode node) {
        return node.outputs().stream().anyMatch(ComplexRules::isComplex)
                || node.inputs().stream().anyMatch(ComplexRules::isComplex);
    }

    static void lower(MlxNode node, Rule rule, Emitter out) {
        boolean sum = node.op().equals("Reduce") && node.integer(0) == 2;
        boolean put = node.op().equals("SliceUpdate") && (node.integer(0) == 4 || node.integer(0) == 2);
        if (sum || put || BY_PART.contains(node.op())) {
            rule.lowering().lower(part(node, ComplexRules::realPart, out), out);
            rule.lowering().lower(part(node, ComplexRules::imaginaryPart, out), out);
            return;
        }
        Lowering lowering = OTHERS.get(node.op());
        if (lowering == null) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED, node.file(), node.path(), "no rule converts complex numbers");
        }
        lowering.lower(node, out);
    }

    /** The primitive that does the same with one part. */
    private static MlxNode part(MlxNode node, UnaryOperator<MlxValue> which, Emitter out) {
        List<MlxValue> inputs = node.inputs().stream()
                .map(value -> isComplex(value) ? made(value, which.apply(value), out) : value)
                .toList();
        List<MlxValue> outputs = node.outputs().stream().map(which).toList();
        outputs.forEach(out::declare);
        return new MlxNode(node.file(), node.path(), node.op(), inputs, outputs, node.arguments(), node.origin());
    }

    static String real(MlxValue value, Emitter out) {
        return isComplex(value) ? out.of(made(value, realPart(value), out)) : out.of(value);
    }

    static String imaginary(MlxValue value, Emitter out) {
        return out.of(made(value, imaginaryPart(value), out));
    }

    /** Says how the real part of an output is made. */
    static void results(
            MlxNode node, Emitter out, String realOp, List<String> real, String op, List<String> imaginary) {
        MlxValue first = realPart(node.output());
        MlxValue second = imaginaryPart(node.output());
        out.declare(first);
        out.declare(second);
        out.result(first, realOp, real.toArray(String[]::new));
        out.result(second, op, imaginary.toArray(String[]::new));
    }

    private static MlxValue made(MlxValue whole, MlxValue part, Emitter out) {
        if (out.isDeclared(part)) {
            return part;
        }
        Tensor constant = out.constant(whole)
                .orElseThrow(() -> new ModelException(
                        ErrorCode.UNSUPPORTED,
                        "graph.json",
                        whole.name(),
                        "a complex input cannot be converted; give real and imaginary part apart"));
        int offset = part.equals(realPart(whole)) ? 0 : 1;
        String what = offset == 0 ? "real part" : "imaginary part";
        List<WeightTransform> how = List.of(new WeightTransform.Computed(what));
        out.declare(part, out.derived(whole, what.replace(' ', '-'), how, () -> every(constant, offset)));
        return part;
    }

    /** Every second number of the pairs. */
    private static Tensor every(Tensor pairs, int offset) {
        Tensor part = Tensor.allocate(DType.FLOAT32, pairs.shape());
        for (long i = 0; i < part.elements(); i++) {
            part.data().set(Tensor.FLOAT, 4 * i, pairs.data().get(Tensor.FLOAT, 8 * i + 4L * offset));
        }
        return part;
    }

    private static void cast(MlxNode node, Emitter out) {
        MlxValue x = node.input(0);
        if (isComplex(x) && isComplex(node.output())) {
            results(node, out, "Identity", List.of(real(x, out)), "Identity", List.of(imaginary(x, out)));
        } else if (isComplex(x)) {
            out.narrowed(node.output(), DType.FLOAT32, "Identity", Attributes.NONE, real(x, out));
        } else {
            String number = out.cast(out.of(x), x.dtype(), DType.FLOAT32);
            String zero = out.inner("Expand", out.scalar(DType.FLOAT32, 0), out.shape(x.shape()));
            results(node, out, "Identity", List.of(number), "Identity", List.of(zero));
        }
    }

    private static void conjugate(MlxNode node, Emitter out) {
        MlxValue x = node.input(0);
        results(node, out, "Identity", List.of(real(x, out)), "Neg", List.of(imaginary(x, out)));
    }

    private static void product(MlxNode node, String op, MlxValue other, Emitter out) {
        String a = real(node.input(0), out);
        String b = imaginary(node.input(0), out);
        String c = real(other, out);
        String d = imaginary(other, out);
        results(
                node,
                out,
                "Sub",
                List.of(out.inner(op, a, c), out.inner(op, b, d)),
                "Add",
                List.of(out.inner(op, a, d), out.inner(op, b, c)));
    }

    private static String same(MlxNode node, Emitter out) {
        String a = out.inner("Equal", real(node.input(0), out), real(node.input(1), out));
        return out.inner("And", a, out.inner("Equal", imaginary(node.input(0), out), imaginary(node.input(1), out)));
    }

    static boolean isComplex(MlxValue value) {
        return value.dtype() == DType.COMPLEX64;
    }

    private static MlxValue realPart(MlxValue value) {
        return part(value, "/real");
    }

    private static MlxValue imaginaryPart(MlxValue value) {
        return part(value, "/imaginary");
    }

    private static MlxValue part(MlxValue value, String which) {
        return isComplex(value) ? new MlxValue(value.name() + which, DType.FLOAT32, value.shape()) : value;
    }
}
