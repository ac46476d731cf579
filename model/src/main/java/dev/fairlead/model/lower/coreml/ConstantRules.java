package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Operators whose numbers follow from shapes and constants. */
final class ConstantRules {
    private ConstantRules() {}

    static void register(Rules rules) {
        rules.add("Constant", (call, mil) -> call.result(0, value(call)));
        rules.add("ConstantOfShape", ConstantRules::constantOfShape);
        rules.add("Shape", ConstantRules::shape);
        rules.add("Size", ConstantRules::size);
        rules.add("Range", ConstantRules::range);
        rules.add("EyeLike", ConstantRules::eyeLike);
        rules.add("OneHot", ConstantRules::oneHot);
        rules.add("Hardmax", ConstantRules::hardmax);
        rules.add("NonZero", ConstantRules::nonZero);
    }

    private static Tensor value(Call call) {
        Map.Entry<String, Attribute> only =
                call.node().attributes().entrySet().iterator().next();
        return switch (only.getValue()) {
            case Attribute.TensorValue(Tensor tensor) -> tensor;
            case Attribute.Int(long value) -> Tensor.ofLongs(List.of(), value);
            case Attribute.Real(float value) -> Tensor.scalar(DType.FLOAT32, value);
            case Attribute.Ints(List<Long> values) ->
                Tensor.ofLongs(
                        List.of((long) values.size()),
                        values.stream().mapToLong(Long::longValue).toArray());
            case Attribute.Reals(List<Float> values) -> {
                Tensor tensor = Tensor.allocate(DType.FLOAT32, List.of((long) values.size()));
                for (int i = 0; i < values.size(); i++) {
                    tensor.set(i, values.get(i));
                }
                yield tensor;
            }
            case Attribute.Text _, Attribute.Texts _, Attribute.TextTensor _ ->
                throw Refusals.unsupported("strings, which MIL's tensors do not hold");
            case Attribute.GraphValue _, Attribute.TypeValue _ ->
                throw Refusals.malformed("a constant of no kind that ONNX has");
        };
    }

    private static void constantOfShape(Call call, Mil mil) {
        Tensor value = call.attribute("value") instanceof Attribute.TensorValue(Tensor given)
                ? given
                : Tensor.scalar(DType.FLOAT32, 0);
        Optional<Tensor> shape = call.constant(0);
        if (shape.isPresent()) {
            Tensor made = Tensor.allocate(value.dtype(), longs(shape.get()));
            for (long i = 0; i < made.elements(); i++) {
                if (value.dtype().isFloating()) {
                    made.set(i, value.doubleAt(0));
                } else {
                    made.set(i, value.longAt(0));
                }
            }
            call.result(0, made);
            return;
        }
        Var sizes = call.in(0);
        Var scalar = mil.constant(value.reshaped(List.of()), "fill");
        MilDataType element = call.element(value.dtype());
        Var filled = mil.out.write(
                "fill",
                Map.of("shape", sizes, "value", mil.cast(scalar, element)),
                element,
                Shapes.unknown(Math.toIntExact(sizes.size(0))));
        call.result(filled, value.dtype());
    }

    static List<Long> longs(Tensor tensor) {
        return LongStream.range(0, tensor.elements())
                .map(tensor::longAt)
                .boxed()
                .toList();
    }

    private static void shape(Call call, Mil mil) {
        List<Dim> shape = call.constant(0)
                .map(tensor -> Shapes.of(tensor.shape()))
                .orElseGet(() -> call.in(0).shape());
        int rank = shape.size();
        int start = clamp(call.integer("start", 0), rank);
        int end = clamp(call.integer("end", rank), rank);
        List<Dim> wanted = shape.subList(start, Math.max(start, end));
        if (wanted.stream().allMatch(dim -> dim instanceof Dim.Fixed)) {
            call.result(
                    0,
                    Tensor.ofLongs(
                            List.of((long) wanted.size()),
                            wanted.stream()
                                    .mapToLong(dim -> ((Dim.Fixed) dim).size())
                                    .toArray()));
            return;
        }
        Var all = mil.out.write("shape", Map.of("x", call.in(0)), MilDataType.INT32, Shapes.of(rank));
        call.result(mil.slice(all, 0, start, end), DType.INT64);
    }

    private static int clamp(long index, int rank) {
        return Math.toIntExact(Math.clamp(index < 0 ? index + rank : index, 0L, (long) rank));
    }

    private static void size(Call call, Mil mil) {
        List<Dim> shape = call.constant(0)
                .map(tensor -> Shapes.of(tensor.shape()))
                .orElseGet(() -> call.in(0).shape());
        if (shape.stream().allMatch(dim -> dim instanceof Dim.Fixed)) {
            long product = 1;
            for (Dim dim : shape) {
                product = Math.multiplyExact(product, ((Dim.Fixed) dim).size());
            }
            call.result(0, Tensor.ofLongs(List.of(), product));
            return;
        }
        Var all = mil.out.write("shape", Map.of("x", call.in(0)), MilDataType.INT32, Shapes.of(shape.size()));
        call.result(mil.reduce("reduce_prod", all, new int[] {0}, false), DType.INT64);
    }

    private static void range(Call call, Mil mil) {
        Var start = scalar(call.in(0), mil);
        Var end = scalar(call.in(1), mil);
        Var step = scalar(call.in(2), mil);
        Optional<Tensor> from = mil.content(start);
        Optional<Tensor> to = mil.content(end);
        Optional<Tensor> by = mil.content(step);
        if (from.isEmpty() || to.isEmpty() || by.isEmpty()) {
            // In float16 the steps would add up their rounding; each element is rounded once.
            MilDataType wide = start.isReal() ? MilDataType.FLOAT32 : MilDataType.INT32;
            Var range = mil.out.write(
                    "range_1d",
                    Map.of("start", mil.cast(start, wide), "end", mil.cast(end, wide), "step", mil.cast(step, wide)),
                    wide,
                    Shapes.unknown(1));
            call.result(mil.cast(range, start.element()), call.declared(0));
            return;
        }
        double first = from.get().doubleAt(0);
        double pace = by.get().doubleAt(0);
        long count = Math.max(0, (long) Math.ceil((to.get().doubleAt(0) - first) / pace));
        Tensor made = Tensor.allocate(call.declared(0), List.of(count));
        for (long i = 0; i < count; i++) {
            if (made.dtype().isFloating()) {
                made.set(i, first + i * pace);
            } else {
                made.set(i, (long) first + i * (long) pace);
            }
        }
        call.result(0, made);
    }

    private static Var scalar(Var x, Mil mil) {
        return x.rank() == 0 ? x : mil.squeeze(x, 0);
    }

    private static void eyeLike(Call call, Mil mil) {
        DType dtype = call.attribute("dtype") == null ? call.declared(0) : DTypes.of(call.integer("dtype"));
        List<Long> shape = call.constant(0)
                .map(Tensor::shape)
                .orElseGet(() -> Arrays.stream(call.in(0).sizes()).boxed().toList());
        Tensor eye = Tensor.allocate(dtype, shape);
        for (long row = 0; row < shape.get(0); row++) {
            long column = row + call.integer("k", 0);
            if (column >= 0 && column < shape.get(1)) {
                eye.set(row * shape.get(1) + column, 1.0);
            }
        }
        call.result(0, eye);
    }

    /** Compares indices with a constant 0 … depth − 1 along the new axis; what is out of range is equal to none of it. */
    private static void oneHot(Call call, Mil mil) {
        Var indices = call.in(0);
        long depth = (long) call.constant(1, "depth").doubleAt(0);
        Var whole = indices.isReal() ? mil.cast(indices, MilDataType.INT32) : indices;
        Var front = mil.select(mil.less(whole, mil.integer(0)), mil.add(whole, mil.integer(depth)), whole);
        long axis = call.integer("axis", -1);
        int at = Math.toIntExact(axis < 0 ? axis + indices.rank() + 1 : axis);
        Var range = range(depth, at, indices.rank() + 1, mil);
        Var hot = mil.equal(mil.expandDims(front, at), range);
        Var values = call.in(2);
        call.result(mil.select(hot, mil.at(values, 0, 1), mil.at(values, 0, 0)), call.declared(2));
    }

    /** 0 … count − 1 along one axis. */
    static Var range(long count, int axis, int rank, Mil mil) {
        List<Long> shape =
                new ArrayList<>(LongStream.generate(() -> 1).limit(rank).boxed().toList());
        shape.set(axis, count);
        return mil.reals(MilDataType.INT32, shape, i -> i);
    }

    /** The first largest element of an axis; before opset 13 of all axes from there on. */
    private static void hardmax(Call call, Mil mil) {
        Var x = call.in(0);
        boolean flat = call.opset() < 13;
        int axis = x.axis(call.integer("axis", flat ? 1 : -1));
        Var rows = flat ? ShapeRules.flattened(x, axis, mil) : x;
        int at = flat ? 1 : axis;
        Var first = mil.argument("reduce_argmax", rows, at, true);
        Var hot = mil.equal(first, range(rows.size(at), at, rows.rank(), mil));
        Var made = mil.cast(hot, x.element());
        call.result(flat ? mil.reshape(made, x.sizes()) : made);
    }

    private static void nonZero(Call call, Mil mil) {
        Var x = call.in(0);
        Var found = mil.out.write(
                "non_zero", Map.of("x", x), MilDataType.INT32, List.of(new Dim.Unknown(), new Dim.Fixed(x.rank())));
        call.result(mil.transpose(found, 1, 0), DType.INT64);
    }
}
