package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import java.util.ArrayList;
import java.util.List;

/** Matrix products and convolutions. */
interface LinearPrimitives extends ShapePrimitives {
    /** Of at least two axes each; leading axes are broadcast. */
    default Operand matmul(Operand a, Operand b) {
        if (a.dtype() != b.dtype()) {
            throw Primitives.mixed("Matmul", a.dtype(), b.dtype());
        }
        if (!a.isFloating()) {
            throw Refusal.of("MLX multiplies matrices of floating types only, not "
                    + a.dtype().text());
        }
        List<Expression> batch =
                Shapes.broadcast(a.shape().subList(0, a.rank() - 2), b.shape().subList(0, b.rank() - 2));
        List<Expression> left = with(batch, a.size(a.rank() - 2), a.size(a.rank() - 1));
        List<Expression> right = with(batch, b.size(b.rank() - 2), b.size(b.rank() - 1));
        List<Expression> shape = with(batch, a.size(a.rank() - 2), b.size(b.rank() - 1));
        if (a.size(a.rank() - 1).equals(Expression.of(0))) {
            return broadcast(like(a, 0), shape);
        }
        return emit("Matmul", List.of(broadcast(a, left), broadcast(b, right)), a.dtype(), shape);
    }

    private static List<Expression> with(List<Expression> batch, Expression rows, Expression columns) {
        List<Expression> shape = new ArrayList<>(batch);
        shape.add(rows);
        shape.add(columns);
        return shape;
    }

    /** α·a·b + β·c of matrices. */
    default Operand addMm(Operand a, Operand b, Operand c, double alpha, double beta) {
        List<Expression> shape = List.of(a.size(0), b.size(1));
        List<Operand> operands = List.of(a, b, broadcast(c, shape));
        return emit("AddMM", operands, a.dtype(), shape, Arguments.of(alpha), Arguments.of(beta));
    }

    /**
     * A convolution's window.
     *
     * @param inputDilation zeros between the input's elements, plus one: a transposed convolution's stride
     * @param flip whether the kernel runs backwards
     */
    record Window(
            List<Long> strides,
            List<Long> low,
            List<Long> high,
            List<Long> dilation,
            List<Long> inputDilation,
            long groups,
            boolean flip) {}

    /**
     * A convolution.
     *
     * @param x (N, spatial…, I)
     * @param weight (O, spatial…, I / groups)
     */
    default Operand convolution(Operand x, Operand weight, Window window) {
        List<Expression> shape = new ArrayList<>(List.of(x.size(0)));
        for (int i = 0; i < window.strides().size(); i++) {
            Expression dilated = Shapes.plus(
                    Shapes.times(
                            Shapes.plus(x.size(i + 1), Expression.of(-1)),
                            Expression.of(window.inputDilation().get(i))),
                    Shapes.ONE);
            long kernel = (weight.fixed(i + 1) - 1) * window.dilation().get(i) + 1;
            Expression room = Shapes.plus(
                    dilated, Expression.of(window.low().get(i) + window.high().get(i) - kernel));
            shape.add(Shapes.plus(Shapes.dividedBy(room, window.strides().get(i)), Shapes.ONE));
        }
        shape.add(weight.size(0));
        return emit(
                "Convolution",
                List.of(x, weight),
                x.dtype(),
                shape,
                Arguments.integers(window.strides()),
                Arguments.integers(window.low()),
                Arguments.integers(window.high()),
                Arguments.integers(window.dilation()),
                Arguments.integers(window.inputDilation()),
                Arguments.of(window.groups()),
                Arguments.of(window.flip()));
    }
}
