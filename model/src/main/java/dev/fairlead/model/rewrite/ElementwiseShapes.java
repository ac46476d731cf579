package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.onnx.OnnxTypes;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operators whose outputs have their inputs' shape, broadcast together where there are several. */
final class ElementwiseShapes {
    private ElementwiseShapes() {}

    static void register(ShapeRules rules) {
        rules.add(
                List.of(
                        "Acos",
                        "Acosh",
                        "Asin",
                        "Asinh",
                        "Atan",
                        "Atanh",
                        "Ceil",
                        "Celu",
                        "Cos",
                        "Cosh",
                        "Elu",
                        "Erf",
                        "Exp",
                        "Floor",
                        "Gelu",
                        "HardSigmoid",
                        "HardSwish",
                        "LeakyRelu",
                        "Log",
                        "Mish",
                        "Reciprocal",
                        "Relu",
                        "Round",
                        "Selu",
                        "Shrink",
                        "Sigmoid",
                        "Sign",
                        "Sin",
                        "Sinh",
                        "Softplus",
                        "Softsign",
                        "Sqrt",
                        "Swish",
                        "Tan",
                        "Tanh",
                        "ThresholdedRelu",
                        "BitwiseNot",
                        "Clip",
                        "CumSum",
                        "CumProd",
                        "Trilu",
                        "ReverseSequence",
                        "PRelu"),
                ElementwiseShapes::same);
        rules.add("Neg", at -> unary(at, e -> Sizes.times(e, Expression.of(-1))));
        rules.add(
                "Abs",
                at -> unary(
                        at,
                        e -> e.constant().isPresent()
                                ? Optional.of(
                                        Expression.of(Math.abs(e.constant().getAsLong())))
                                : Optional.of(e).filter(Sizes::isNatural)));
        rules.add("Not", at -> unary(at, Numbers::not));
        rules.add("IsNaN", ElementwiseShapes::flags);
        rules.add("IsInf", ElementwiseShapes::flags);
        rules.add("Add", at -> binary(at, Sizes::plus));
        rules.add("Sub", at -> binary(at, Sizes::minus));
        rules.add("Mul", at -> binary(at, Sizes::times));
        rules.add("Div", at -> binary(at, Numbers::divide));
        rules.add(
                "Mod",
                at -> binary(at, (a, b) -> at.integer("fmod", 0) == 0 ? Numbers.modulo(a, b) : Optional.empty()));
        rules.add(
                List.of("Pow", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor"),
                at -> binary(at, (a, b) -> Optional.empty()));
        rules.add("Equal", at -> comparison(at, Numbers::equal));
        rules.add("Less", at -> comparison(at, Numbers::less));
        rules.add("Greater", at -> comparison(at, (a, b) -> Numbers.less(b, a)));
        rules.add(
                "LessOrEqual", at -> comparison(at, (a, b) -> Numbers.less(b, a).flatMap(Numbers::not)));
        rules.add(
                "GreaterOrEqual",
                at -> comparison(at, (a, b) -> Numbers.less(a, b).flatMap(Numbers::not)));
        rules.add("And", at -> comparison(at, Numbers::and));
        rules.add("Or", at -> comparison(at, Numbers::or));
        rules.add("Xor", at -> comparison(at, (a, b) -> Numbers.equal(a, b).flatMap(Numbers::not)));
        rules.add("Max", at -> variadic(at, Numbers::largest));
        rules.add("Min", at -> variadic(at, Numbers::smallest));
        rules.add("Sum", at -> variadic(at, Sizes::plus));
        rules.add("Mean", at -> variadic(at, (a, b) -> Optional.empty()));
        rules.add("Where", ElementwiseShapes::where);
        rules.add("Cast", at -> cast(at, type(at, "to")));
        rules.add("CastLike", at -> cast(at, at.dtype(1)));
        rules.add("BitCast", ElementwiseShapes::bitCast);
        rules.add(
                "Bernoulli",
                at -> List.of(at.input(0).outline().withDtype(type(at, "dtype").or(() -> at.dtype(0)))));
    }

    interface Unary {
        Optional<Expression> apply(Expression number);
    }

    /** The first input's type and shape. */
    static List<Fact> same(Inference at) {
        return List.of(at.input(0).outline());
    }

    private static List<Fact> unary(Inference at, Unary operator) {
        Fact input = at.input(0);
        Optional<List<Optional<Expression>>> numbers = input.elements()
                .filter(e -> Numbers.countsSizes(input))
                .map(list -> list.stream().map(e -> e.flatMap(operator::apply)).toList());
        return List.of(input.outline().holding(numbers));
    }

    private static List<Fact> flags(Inference at) {
        return List.of(Fact.of(Optional.of(DType.BOOL), at.shape(0)));
    }

    /** Before version 7 the second input was broadcast to the first by an attribute. */
    private static Optional<List<Dim>> shape(Inference at) {
        return at.opset() < 7 ? at.shape(0) : Shapes.broadcast(at.shape(0), at.shape(1));
    }

    private static List<Fact> binary(Inference at, Numbers.Binary operator) {
        Optional<List<Dim>> shape = shape(at);
        return List.of(Fact.of(at.dtype(0), shape)
                .holding(Numbers.zip(at.input(0), at.input(1), shape, operator).filter(e -> fits(at, e))));
    }

    /** A number beyond its type would wrap around. */
    private static boolean fits(Inference at, List<Optional<Expression>> numbers) {
        return at.dtype(0).filter(t -> t == DType.INT64).isPresent()
                || numbers.stream()
                        .allMatch(e -> e.isEmpty()
                                || e.get().constant().isEmpty()
                                || e.get().constant().getAsLong()
                                        == (int) e.get().constant().getAsLong());
    }

    private static List<Fact> comparison(Inference at, Numbers.Binary operator) {
        Optional<List<Dim>> shape = shape(at);
        return List.of(Fact.of(Optional.of(DType.BOOL), shape)
                .holding(Numbers.zip(at.input(0), at.input(1), shape, operator)));
    }

    private static List<Fact> variadic(Inference at, Numbers.Binary operator) {
        Fact all = at.input(0);
        for (int i = 1; i < at.count(); i++) {
            Optional<List<Dim>> shape = Shapes.broadcast(all.shape(), at.shape(i));
            all = Fact.of(at.dtype(0), shape).holding(Numbers.zip(all, at.input(i), shape, operator));
        }
        return List.of(at.count() == 1 ? all.outline() : all);
    }

    private static List<Fact> where(Inference at) {
        Optional<List<Dim>> shape = Shapes.broadcast(at.shape(0), Shapes.broadcast(at.shape(1), at.shape(2)));
        Optional<List<Optional<Expression>>> chosen = Optional.empty();
        var flags = Numbers.stretch(at.input(0), shape);
        var first = Numbers.stretch(at.input(1), shape);
        var second = Numbers.stretch(at.input(2), shape);
        if (flags.isPresent() && first.isPresent() && second.isPresent()) {
            List<Optional<Expression>> numbers = new ArrayList<>();
            for (int i = 0; i < flags.get().size(); i++) {
                Optional<Expression> yes = first.get().get(i);
                Optional<Expression> no = second.get().get(i);
                numbers.add(flags.get()
                        .get(i)
                        .filter(f -> f.constant().isPresent())
                        .map(f -> f.constant().getAsLong() != 0 ? yes : no)
                        .orElse(yes.equals(no) ? yes : Optional.empty()));
            }
            chosen = Optional.of(numbers);
        }
        return List.of(Fact.of(at.dtype(1).or(() -> at.dtype(2)), shape).holding(chosen));
    }

    static Optional<DType> type(Inference at, String attribute) {
        return at.integer(attribute).flatMap(code -> OnnxTypes.parse(Math.toIntExact(Math.clamp(code, 0, 1000))));
    }

    private static List<Fact> cast(Inference at, Optional<DType> to) {
        Fact input = at.input(0);
        boolean text = at.integer("to", 0) == OnnxTypes.STRING
                || (at.has(1) && at.input(1).type() instanceof Type.Texts);
        if (text) {
            return List.of(TextShapes.texts(input.shape()));
        }
        Optional<List<Optional<Expression>>> numbers = Optional.empty();
        if (to.isPresent() && Numbers.countsSizes(input)) {
            if (to.get() == DType.INT64 || to.get() == DType.INT32) {
                numbers = input.elements();
            } else if (to.get() == DType.BOOL) {
                numbers = input.elements()
                        .map(list -> list.stream()
                                .map(e -> e.flatMap(Numbers::not).flatMap(Numbers::not))
                                .toList());
            }
        }
        return List.of(Fact.of(to, input.shape()).holding(numbers));
    }

    /** The last axis shrinks or grows with the type's width. */
    private static List<Fact> bitCast(Inference at) {
        Optional<DType> to = type(at, "to");
        boolean sameWidth = to.isPresent()
                && at.dtype(0).isPresent()
                && to.get().bits() == at.dtype(0).get().bits();
        return List.of(Fact.of(to, sameWidth ? at.shape(0) : Optional.empty()));
    }
}
