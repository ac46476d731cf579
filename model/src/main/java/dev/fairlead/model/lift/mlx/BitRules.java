package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Integers as bits. */
final class BitRules {
    private static final Map<String, Attribute> LEFT = Map.of("direction", new Attribute.Text("LEFT"));
    private static final Map<String, Attribute> RIGHT = Map.of("direction", new Attribute.Text("RIGHT"));

    private BitRules() {}

    static void register(Rules rules) {
        rules.add("BitwiseBinary", 1, 1, BitRules::binary);
        rules.add("View", 1, 1, BitRules::view);
        rules.add("Power", 0, 1, BitRules::power);
    }

    private static void binary(MlxNode node, Emitter out) {
        boolean bool = node.output().dtype() == DType.BOOL;
        switch ((int) node.integer(0)) {
            case 0 -> out.result(node.output(), bool ? "And" : "BitwiseAnd", Broadcasts.operands(node, out));
            case 1 -> out.result(node.output(), bool ? "Or" : "BitwiseOr", Broadcasts.operands(node, out));
            case 2 -> out.result(node.output(), bool ? "Xor" : "BitwiseXor", Broadcasts.operands(node, out));
            case 3 -> shiftLeft(node, out);
            case 4 -> shiftRight(node, out);
            default -> throw unsupported(node, ".arguments[0]", "no known operation on bits");
        }
    }

    /** ONNX shifts unsigned integers; the bits that stay are the same for signed ones. */
    private static void shiftLeft(MlxNode node, Emitter out) {
        DType wide = shifting(node.output().dtype());
        out.narrowed(node.output(), wide, "BitShift", LEFT, Widths.operands(node, wide, out));
    }

    /** A signed shift copies the sign: that of x < 0 is the complement of its complement's shift. */
    private static void shiftRight(MlxNode node, Emitter out) {
        DType dtype = node.output().dtype();
        if (dtype.kind() == DType.Kind.UNSIGNED) {
            DType wide = shifting(dtype);
            out.narrowed(node.output(), wide, "BitShift", RIGHT, Widths.operands(node, wide, out));
            return;
        }
        String[] operands = Widths.operands(node, DType.INT64, out);
        String minusOne = out.scalar(DType.INT64, -1);
        String negative = out.inner("Less", operands[0], out.scalar(DType.INT64, 0));
        String complement = out.inner("Sub", minusOne, operands[0]);
        String whole = out.inner("Where", negative, complement, operands[0]);
        String shifted = out.inner(
                "BitShift",
                RIGHT,
                out.cast(whole, DType.INT64, DType.UINT64),
                out.cast(operands[1], DType.INT64, DType.UINT64));
        String signed = out.cast(shifted, DType.UINT64, DType.INT64);
        String back = out.inner("Sub", minusOne, signed);
        out.narrowed(node.output(), DType.INT64, "Where", Attributes.NONE, negative, back, signed);
    }

    private static DType shifting(DType dtype) {
        return switch (dtype) {
            case UINT8, UINT16, UINT32 -> DType.UINT32;
            default -> DType.UINT64;
        };
    }

    /** The same bits under another type: between integers only, for ONNX has no such cast of floats. */
    private static void view(MlxNode node, Emitter out) {
        MlxValue x = node.input(0);
        MlxValue y = node.output();
        if (x.dtype() == y.dtype()) {
            out.result(y, "Identity", out.of(x));
            return;
        }
        if (!x.dtype().isInteger() || !y.dtype().isInteger()) {
            throw unsupported(
                    node,
                    "",
                    "ONNX cannot see the bits of " + x.dtype().text() + " as "
                            + y.dtype().text());
        }
        int from = x.dtype().bits();
        int to = y.dtype().bits();
        if (from == to) {
            out.result(y, "Cast", Casts.to(y.dtype()), out.of(x));
        } else if (from > to) {
            split(node, from, to, out);
        } else {
            join(node, from, to, out);
        }
    }

    private static void split(MlxNode node, int from, int to, Emitter out) {
        String bits = out.cast(unsigned(node.input(0), out), unsigned(from), DType.UINT64);
        String column = out.inner("Unsqueeze", bits, out.integers(List.of(-1)));
        String parts = out.inner("BitShift", RIGHT, column, shifts(from / to, to, out));
        // The cast to fewer bits cuts off what lies above.
        String narrow = out.inner("Cast", Casts.to(node.output().dtype()), parts);
        ShapeRules.reshape(node.output(), narrow, out);
    }

    private static void join(MlxNode node, int from, int to, Emitter out) {
        int count = to / from;
        List<Expression> shape = new ArrayList<>(node.output().shape());
        shape.add(Expression.of(count));
        String bits = out.cast(unsigned(node.input(0), out), unsigned(from), DType.UINT64);
        String parts = out.inner("Reshape", bits, ShapeRules.target(shape, out));
        String placed = out.inner("BitShift", LEFT, parts, shifts(count, from, out));
        String signed = out.cast(placed, DType.UINT64, DType.INT64);
        out.narrowed(
                node.output(),
                DType.INT64,
                "ReduceSum",
                Attributes.of("keepdims", 0),
                signed,
                out.integers(List.of(-1)));
    }

    private static String shifts(int count, int width, Emitter out) {
        Tensor shifts = Tensor.allocate(DType.UINT64, List.of((long) count));
        for (int i = 0; i < count; i++) {
            shifts.set(i, (long) i * width);
        }
        return out.constant(shifts);
    }

    private static String unsigned(MlxValue value, Emitter out) {
        return out.cast(out.of(value), value.dtype(), unsigned(value.dtype().bits()));
    }

    private static DType unsigned(int bits) {
        return switch (bits) {
            case 8 -> DType.UINT8;
            case 16 -> DType.UINT16;
            case 32 -> DType.UINT32;
            default -> DType.UINT64;
        };
    }

    /** Integers are raised by squaring, as MLX does it, so that they wrap as MLX's do. */
    private static void power(MlxNode node, Emitter out) {
        DType dtype = node.output().dtype();
        if (dtype.isFloating()) {
            out.result(node.output(), "Pow", Broadcasts.operands(node, out));
            return;
        }
        DType wide = Widths.ofWrapping(dtype);
        String[] operands = Widths.operands(node, wide, out);
        String one = out.scalar(wide, 1);
        String two = out.scalar(wide, 2);
        String product = one;
        String square = operands[0];
        String rest = operands[1];
        int bits = dtype.kind() == DType.Kind.SIGNED ? dtype.bits() - 1 : Math.min(dtype.bits(), 63);
        for (int i = 0; i < bits; i++) {
            String odd = out.inner("Equal", out.inner("Mod", rest, two), one);
            product = out.inner("Mul", product, out.inner("Where", odd, square, one));
            if (i + 1 < bits) {
                square = out.inner("Mul", square, square);
                rest = out.inner("Div", rest, two);
            }
        }
        out.narrowed(node.output(), wide, "Identity", Attributes.NONE, product);
    }

    private static ModelException unsupported(MlxNode node, String field, String problem) {
        return new ModelException(ErrorCode.UNSUPPORTED, node.file(), node.path() + field, problem);
    }
}
