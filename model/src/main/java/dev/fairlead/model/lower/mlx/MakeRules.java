package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.OptionalLong;

/** Operators that make elements. */
final class MakeRules {
    /** Elements up to which a filled tensor is kept as a constant that later sizes may depend on. */
    private static final long SMALL = 4096;

    private MakeRules() {}

    static void register(Rules rules) {
        rules.add("Constant", MakeRules::constant);
        rules.add("ConstantOfShape", MakeRules::filled);
        rules.add("Range", MakeRules::range);
        rules.add("EyeLike", MakeRules::eye);
        rules.add("OneHot", MakeRules::oneHot);
        rules.add("Trilu", MakeRules::trilu);
        rules.add("HannWindow", (node, mlx) -> window(node, mlx, 0.5, 0.5, 0));
        rules.add("HammingWindow", (node, mlx) -> window(node, mlx, 25.0 / 46, 21.0 / 46, 0));
        rules.add("BlackmanWindow", (node, mlx) -> window(node, mlx, 0.42, 0.5, 0.08));
    }

    private static Operand constant(Operation node, Primitives mlx) {
        if (node.attribute("value") instanceof Attribute.TensorValue(Tensor tensor)) {
            return Types.known(tensor.dtype()) ? mlx.constant(tensor) : mlx.foreign(tensor);
        }
        if (node.attribute("value_float") instanceof Attribute.Real(float value)) {
            return mlx.constant(Tensor.ofFloats(List.of(), value));
        }
        if (node.attribute("value_int") instanceof Attribute.Int(long value)) {
            return mlx.constant(Tensor.ofLongs(List.of(), value));
        }
        if (node.attribute("value_floats") instanceof Attribute.Reals(List<Float> values)) {
            float[] numbers = new float[values.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = values.get(i);
            }
            return mlx.constant(Tensor.ofFloats(List.of((long) numbers.length), numbers));
        }
        if (node.attribute("value_ints") instanceof Attribute.Ints(List<Long> values)) {
            return mlx.integers(values);
        }
        throw Refusal.of("a constant of text, or a sparse one");
    }

    private static Operand filled(Operation node, Primitives mlx) {
        List<Expression> shape = node.sizes(0, "the shape");
        Tensor value = node.attribute("value") instanceof Attribute.TensorValue(Tensor tensor)
                ? tensor
                : Tensor.scalar(DType.FLOAT32, 0);
        DType dtype = Types.require(value.dtype());
        OptionalLong count = Shapes.product(shape).constant();
        return count.isPresent() && count.getAsLong() <= SMALL
                ? mlx.constant(ShapeRules.filled(dtype, Shapes.fixed(shape), value))
                : mlx.broadcast(mlx.constant(value.reshaped(List.of())), shape);
    }

    /** The size is decided now, and with it the elements. */
    private static Operand range(Operation node, Primitives mlx) {
        if (node.operands().stream().anyMatch(operand -> operand.counted().isPresent())) {
            return counted(node, mlx);
        }
        Tensor start = node.constant(0, "the start");
        Tensor limit = node.constant(1, "the limit");
        Tensor delta = node.constant(2, "the step");
        DType dtype = Types.require(start.dtype());
        double exact = Math.ceil((limit.doubleAt(0) - start.doubleAt(0)) / delta.doubleAt(0));
        long size = (long) Math.max(exact, 0);
        if (dtype.isInteger()) {
            Operand count = mlx.arange(size, dtype);
            Operand steps = mlx.multiply(count, mlx.scalar(dtype, delta.longAt(0)));
            return mlx.add(steps, mlx.scalar(dtype, start.longAt(0)));
        }
        Tensor made = Tensor.allocate(dtype, List.of(size));
        for (long i = 0; i < size; i++) {
            made.set(i, start.doubleAt(0) + i * delta.doubleAt(0));
        }
        return mlx.constant(made);
    }

    /** Steps of 1 up to a size that depends on symbols. */
    private static Operand counted(Operation node, Primitives mlx) {
        Expression start = node.sizes(0, "the start").getFirst();
        Expression limit = node.sizes(1, "the limit").getFirst();
        if (!Shapes.isOne(node.sizes(2, "the step").getFirst())
                || start.constant().isEmpty()) {
            throw Refusal.of("a range from " + start + " to " + limit + " by other steps than 1");
        }
        Operand steps = mlx.arange(Shapes.minus(limit, start), node.input(0).dtype());
        return mlx.add(steps, start.constant().getAsLong());
    }

    private static Operand eye(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        DType dtype = node.type("dtype", x.dtype());
        Operand rows = mlx.arangeAlong(x.size(0), DType.INT64, 0, 2);
        Operand columns = mlx.arangeAlong(x.size(1), DType.INT64, 1, 2);
        Operand diagonal = mlx.equal(columns, mlx.add(rows, node.integer("k", 0)));
        return mlx.cast(diagonal, dtype);
    }

    /** Indices from −depth on count from the end; those outside have no hot element. */
    private static Operand oneHot(Operation node, Primitives mlx) {
        long depth = (long) node.reals(1, "the depth").getFirst().doubleValue();
        Operand stated = mlx.cast(node.input(0), DType.INT64);
        int axis = node.axis("axis", -1, stated.rank() + 1);
        Operand counted = mlx.select(mlx.less(stated, 0), mlx.add(stated, depth), stated);
        Operand places = mlx.arangeAlong(depth, DType.INT64, axis, stated.rank() + 1);
        Operand hot = mlx.equal(places, mlx.expandDims(counted, axis));
        Operand values = node.input(2);
        Operand off = mlx.squeeze(mlx.slice(values, 0, 0, 1), 0);
        Operand on = mlx.squeeze(mlx.slice(values, 0, 1, 2), 0);
        return mlx.select(hot, on, off);
    }

    private static Operand trilu(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        if (x.shape().contains(Expression.of(0))) {
            return x;
        }
        long k = node.has(1) ? node.integers(1, "the diagonal").getFirst() : 0;
        Operand rows = mlx.arangeAlong(x.size(x.rank() - 2), DType.INT64, 0, 2);
        Operand columns = mlx.arangeAlong(x.size(x.rank() - 1), DType.INT64, 1, 2);
        Operand diagonal = mlx.add(rows, k);
        String kept = node.flag("upper", true) ? "GreaterEqual" : "LessEqual";
        return mlx.select(mlx.compare(kept, columns, diagonal), x, mlx.like(x, 0));
    }

    /** a − b·cos(2πi/n) + c·cos(4πi/n), n the size or, for a symmetric window, one less. */
    private static Operand window(Operation node, Primitives mlx, double a, double b, double c) {
        long size = node.integers(0, "the size").getFirst();
        long period = node.flag("periodic", true) ? size : size - 1;
        Tensor window = Tensor.allocate(node.type("output_datatype", DType.FLOAT32), List.of(size));
        for (long i = 0; i < size; i++) {
            double phase = 2 * Math.PI * i / period;
            window.set(i, a - b * Math.cos(phase) + c * Math.cos(2 * phase));
        }
        return mlx.constant(window);
    }
}
