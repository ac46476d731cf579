package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.TextArray;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Operators that make tensors out of attributes, shapes and bounds. */
final class ConstantShapes {
    private ConstantShapes() {}

    static void register(ShapeRules rules) {
        rules.add("Constant", ConstantShapes::constant);
        rules.add("ConstantOfShape", ConstantShapes::filled);
        rules.add("Range", ConstantShapes::range);
        rules.add("Shape", ConstantShapes::shape);
        rules.add(
                "Size",
                at -> List.of(Fact.of(DType.INT64)
                        .holding(
                                Optional.of(List.of(Sizes.expression(at.input(0).count()))))));
        rules.add(
                "EyeLike",
                at -> List.of(Fact.of(ElementwiseShapes.type(at, "dtype").or(() -> at.dtype(0)), at.shape(0))));
        rules.add(
                List.of("RandomNormal", "RandomUniform"),
                at -> List.of(Fact.of(
                        ElementwiseShapes.type(at, "dtype").or(() -> Optional.of(DType.FLOAT32)),
                        at.integers("shape").map(Shapes::of))));
        rules.add(
                List.of("RandomNormalLike", "RandomUniformLike"),
                at -> List.of(Fact.of(ElementwiseShapes.type(at, "dtype").or(() -> at.dtype(0)), at.shape(0))));
        rules.add("Multinomial", ConstantShapes::multinomial);
    }

    /** The tensor that a Constant node holds; empty for strings and sparse tensors. */
    static Optional<Tensor> value(Node node) {
        for (Attribute attribute : node.attributes().values()) {
            switch (attribute) {
                case Attribute.TensorValue(Tensor tensor) -> {
                    return Optional.of(tensor);
                }
                case Attribute.Int(long value) -> {
                    return Optional.of(Tensor.ofLongs(List.of(), value));
                }
                case Attribute.Real(float value) -> {
                    return Optional.of(Tensor.ofFloats(List.of(), value));
                }
                case Attribute.Ints(List<Long> values) -> {
                    long[] numbers = values.stream().mapToLong(Long::longValue).toArray();
                    return Optional.of(Tensor.ofLongs(List.of((long) numbers.length), numbers));
                }
                case Attribute.Reals(List<Float> values) -> {
                    Tensor tensor = Tensor.allocate(DType.FLOAT32, List.of((long) values.size()));
                    for (int i = 0; i < values.size(); i++) {
                        tensor.data().set(Tensor.FLOAT, i * 4L, values.get(i));
                    }
                    return Optional.of(tensor);
                }
                case Attribute.Text _, Attribute.Texts _, Attribute.TextTensor _ -> {}
                case Attribute.GraphValue _, Attribute.TypeValue _ -> {}
            }
        }
        return Optional.empty();
    }

    private static List<Fact> constant(Inference at) {
        if (at.node().attributes().get("value") instanceof Attribute.TextTensor(TextArray array)) {
            return List.of(Fact.of(new Type.Texts(Optional.of(Shapes.of(array.shape())))));
        }
        return List.of(value(at.node()).map(Fact::of).orElse(Fact.UNKNOWN));
    }

    private static List<Fact> filled(Inference at) {
        Optional<Tensor> value = at.node().attributes().get("value") instanceof Attribute.TensorValue(Tensor tensor)
                ? Optional.of(tensor)
                : Optional.empty();
        Optional<List<Dim>> shape = at.elements(0)
                .map(list -> list.stream().map(Sizes::dim).toList())
                .or(() -> at.shape(0)
                        .flatMap(Numbers::fixed)
                        .filter(length -> length.length == 1 && length[0] <= 64)
                        .map(length -> Shapes.unknown((int) length[0])));
        Fact fact = Fact.of(value.map(Tensor::dtype).or(() -> Optional.of(DType.FLOAT32)), shape);
        Optional<Expression> number = value.filter(t -> t.elements() == 1)
                .flatMap(t -> Fact.of(t).integer())
                .map(Expression::of);
        Optional<Integer> size = shape.flatMap(Numbers::fixed).map(Numbers::size);
        boolean small = number.isPresent() && size.orElse(Integer.MAX_VALUE) <= Fact.MAX_ELEMENTS;
        return List.of(small ? fact.holding(Optional.of(Collections.nCopies(size.get(), number))) : fact);
    }

    private static List<Fact> range(Inference at) {
        Fact fact = Fact.of(at.dtype(0), Optional.of(List.of(new Dim.Unknown())));
        Optional<List<Double>> start = at.input(0).numbers();
        Optional<List<Double>> limit = at.input(1).numbers();
        Optional<List<Double>> delta = at.input(2).numbers();
        boolean real = at.dtype(0).filter(DType::isFloating).isPresent();
        if (real) {
            if (start.isEmpty()
                    || limit.isEmpty()
                    || delta.isEmpty()
                    || delta.get().getFirst() == 0) {
                return List.of(fact);
            }
            double count = Math.ceil((limit.get().getFirst() - start.get().getFirst())
                    / delta.get().getFirst());
            return List.of(Fact.of(at.dtype(0), Optional.of(List.of(Sizes.fixed((long) Math.max(count, 0))))));
        }
        Optional<Expression> from = single(at, 0);
        Optional<Expression> step = single(at, 2);
        Optional<Expression> span = single(at, 1).flatMap(to -> from.flatMap(f -> Sizes.minus(to, f)));
        if (step.isEmpty() || step.get().constant().isEmpty() || span.isEmpty()) {
            return List.of(fact);
        }
        long by = step.get().constant().getAsLong();
        if (by == 0 || by == Long.MIN_VALUE) {
            throw at.malformed("delta is " + by);
        }
        Optional<Expression> length = by > 0 ? span : Sizes.times(span.get(), Expression.of(-1));
        Optional<Expression> count = length.flatMap(n -> Sizes.plus(n, Expression.of(Math.abs(by) - 1)))
                .flatMap(n -> Sizes.floorDiv(n, Math.abs(by)))
                .map(n -> n.constant().orElse(0) < 0 ? Expression.of(0) : n);
        Dim size = Sizes.dim(count.filter(Sizes::isNatural));
        return List.of(Fact.of(at.dtype(0), Optional.of(List.of(size)))
                .holding(size instanceof Dim.Fixed(long n) ? steps(from.get(), by, n) : Optional.empty()));
    }

    private static Optional<Expression> single(Inference at, int index) {
        return at.elements(index).filter(list -> list.size() == 1).flatMap(List::getFirst);
    }

    private static Optional<List<Optional<Expression>>> steps(Expression from, long by, long count) {
        if (count > Fact.MAX_ELEMENTS) {
            return Optional.empty();
        }
        List<Optional<Expression>> numbers = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            numbers.add(Sizes.plus(from, Expression.of(by * i)));
        }
        return Optional.of(numbers);
    }

    private static List<Fact> shape(Inference at) {
        Optional<List<Dim>> shape = at.shape(0);
        if (shape.isEmpty()) {
            return List.of(Fact.of(DType.INT64, new Dim.Unknown()));
        }
        int rank = shape.get().size();
        long start = at.integer("start", 0);
        long end = at.integer("end", rank);
        int from = Math.clamp(start < 0 ? start + rank : start, 0, rank);
        int to = Math.clamp(end < 0 ? end + rank : end, from, rank);
        return List.of(Fact.of(DType.INT64, Sizes.fixed(to - from))
                .holding(Optional.of(shape.get().subList(from, to).stream()
                        .map(Sizes::expression)
                        .toList())));
    }

    private static List<Fact> multinomial(Inference at) {
        long samples = at.integer("sample_size", 1);
        return List.of(Fact.of(
                ElementwiseShapes.type(at, "dtype").or(() -> Optional.of(DType.INT32)),
                Optional.of(List.of(at.dim(0, 0), samples < 0 ? new Dim.Unknown() : Sizes.fixed(samples)))));
    }
}
