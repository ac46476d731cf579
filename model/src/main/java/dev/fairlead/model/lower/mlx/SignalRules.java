package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Fourier transforms. ONNX has a complex number as two real ones on the last axis, which MLX takes as one by a view.
 *
 * <p>MLX' own transform leaves the largest frequency's rounding in those that are 0, and a spectrogram's logarithm shows it. So a
 * short forward transform is a product with a table of cosines and sines; the inverse and the long ones are MLX' own.
 */
final class SignalRules {
    /** Elements up to which a table is used, which has the square of them. */
    private static final long SHORT = 1024;

    private SignalRules() {}

    static void register(Rules rules) {
        rules.add("DFT", SignalRules::transform);
        rules.add("STFT", SignalRules::shortTime);
    }

    private static Operand transform(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        boolean inverse = node.flag("inverse", false);
        boolean oneSided = node.flag("onesided", false);
        int axis = node.opset() >= 20
                ? node.axis(node.has(2) ? node.integers(2, "the axis").getFirst() : -2, x.rank())
                : node.axis("axis", 1, x.rank());
        long given = inverse && oneSided ? 2 * (x.fixed(axis) - 1) : x.fixed(axis);
        long length = node.has(1) ? node.integers(1, "the length").getFirst() : given;
        Operand sized = sized(x, axis, inverse && oneSided ? length / 2 + 1 : length, mlx);
        if (inverse && oneSided) {
            Operand signal = fft(complex(sized, mlx), axis, true, DType.FLOAT32, length, mlx);
            return mlx.expandDims(signal, signal.rank());
        }
        return spectrum(sized, axis, inverse, oneSided, mlx);
    }

    private static Operand sized(Operand x, int axis, long length, Primitives mlx) {
        long more = length - x.fixed(axis);
        if (more <= 0) {
            return mlx.slice(x, axis, 0, length);
        }
        List<Long> none = Collections.nCopies(x.rank(), 0L);
        List<Long> high = new ArrayList<>(none);
        high.set(axis, more);
        return mlx.pad(x, none, high, mlx.like(x, 0));
    }

    private static Operand complex(Operand x, Primitives mlx) {
        if (x.dtype() != DType.FLOAT32) {
            throw Refusal.of(
                    "MLX transforms single precision only, not " + x.dtype().text());
        }
        int last = x.rank() - 1;
        Operand plain = mlx.squeeze(x.fixed(last) == 1 ? x : paired(x, mlx), last);
        return mlx.cast(plain, DType.COMPLEX64);
    }

    private static Operand paired(Operand x, Primitives mlx) {
        List<Expression> shape = Shapes.with(x.shape(), x.rank() - 1, Shapes.ONE);
        return mlx.emit("View", List.of(x), DType.COMPLEX64, shape, Arguments.of(DType.COMPLEX64));
    }

    /** Both parts of the frequencies on a last axis; of a real signal perhaps half of them. */
    private static Operand spectrum(Operand x, int axis, boolean inverse, boolean oneSided, Primitives mlx) {
        if (!inverse && x.fixed(axis) <= SHORT) {
            return tabled(x, axis, oneSided, mlx);
        }
        Operand signal = complex(x, mlx);
        long length = x.fixed(axis);
        Operand made = fft(signal, axis, inverse, DType.COMPLEX64, length, mlx);
        Operand kept = oneSided ? mlx.slice(made, axis, 0, length / 2 + 1) : made;
        Operand apart = mlx.expandDims(kept, kept.rank());
        List<Expression> shape = Shapes.with(apart.shape(), kept.rank(), Expression.of(2));
        return mlx.emit("View", List.of(apart), DType.FLOAT32, shape, Arguments.of(DType.FLOAT32));
    }

    private static Operand tabled(Operand x, int axis, boolean oneSided, Primitives mlx) {
        long length = x.fixed(axis);
        long count = oneSided ? length / 2 + 1 : length;
        Operand cos = mlx.constant(waves(x.dtype(), length, count, Math::cos));
        Operand sin = mlx.constant(waves(x.dtype(), length, count, Math::sin));
        Operand signal = part(x, axis, 0, mlx);
        Operand real = MatmulRules.matmul(signal, cos, mlx);
        Operand imaginary = mlx.negative(MatmulRules.matmul(signal, sin, mlx));
        if (x.fixed(x.rank() - 1) == 2) {
            Operand other = part(x, axis, 1, mlx);
            real = mlx.add(real, MatmulRules.matmul(other, sin, mlx));
            imaginary = mlx.add(imaginary, MatmulRules.matmul(other, cos, mlx));
        }
        int last = real.rank();
        Operand both = mlx.concatenate(List.of(mlx.expandDims(real, last), mlx.expandDims(imaginary, last)), last);
        return mlx.moveAxis(both, last - 1, axis);
    }

    /** The real or imaginary part, with the axis to transform last. */
    private static Operand part(Operand x, int axis, long which, Primitives mlx) {
        int last = x.rank() - 1;
        return mlx.moveAxis(mlx.squeeze(mlx.slice(x, last, which, which + 1), last), axis, last - 1);
    }

    /** cos or sin of 2π·row·column/length. The product is reduced first, so that whole turns are exact. */
    private static Tensor waves(DType dtype, long length, long count, DoubleUnaryOperator wave) {
        Tensor waves = Tensor.allocate(dtype, List.of(length, count));
        for (long i = 0; i < waves.elements(); i++) {
            long turn = (i / count) * (i % count) % length;
            waves.set(i, wave.applyAsDouble(2 * Math.PI * turn / length));
        }
        return waves;
    }

    /** MLX' state is the axes, whether it is inverse, whether one side is real, and whether that side's length is odd. */
    private static Operand fft(Operand x, int axis, boolean inverse, DType dtype, long length, Primitives mlx) {
        return mlx.emit(
                "FFT",
                List.of(x),
                dtype,
                Shapes.with(x.shape(), axis, Expression.of(length)),
                Arguments.integers(List.of(axis)),
                Arguments.of(inverse),
                Arguments.of(dtype == DType.FLOAT32),
                Arguments.of(dtype == DType.FLOAT32 && length % 2 == 1));
    }

    /** Frames of the signal times the window, each transformed. */
    private static Operand shortTime(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        long step = node.integers(1, "the frames' distance").getFirst();
        long length;
        if (node.has(3)) {
            length = node.integers(3, "the frames' length").getFirst();
        } else {
            length = node.has(2) ? node.input(2).fixed(0) : x.fixed(1);
        }
        long parts = x.rank() == 3 ? x.fixed(2) : 1;
        boolean oneSided = node.flag("onesided", true);
        if (parts == 2 && oneSided) {
            throw Refusal.of("one side of a complex signal's frequencies");
        }
        long frames = 1 + (x.fixed(1) - length) / step;
        List<Expression> shape = List.of(x.size(0), Expression.of(frames), Expression.of(length), Expression.of(parts));
        List<Expression> strides = List.of(
                Expression.of(x.fixed(1) * parts), Expression.of(step * parts), Expression.of(parts), Shapes.ONE);
        Operand framed = mlx.asStrided(x, shape, strides, 0);
        Operand weighted = node.has(2) ? mlx.multiply(framed, mlx.expandDims(node.input(2), 1)) : framed;
        return spectrum(weighted, 2, false, oneSided, mlx);
    }
}
