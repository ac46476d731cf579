package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Linear quantisation to and from the integer types that MLX has. */
final class QuantizeRules {
    private QuantizeRules() {}

    static void register(Rules rules) {
        rules.add("QuantizeLinear", QuantizeRules::quantize);
        rules.add("DequantizeLinear", QuantizeRules::dequantize);
        rules.addAll("DynamicQuantizeLinear", QuantizeRules::dynamic);
        rules.add("QLinearMatMul", QuantizeRules::matmul);
        rules.add("QLinearConv", QuantizeRules::convolution);
    }

    private static Operand quantize(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        DType dtype = node.has(2) ? node.input(2).dtype() : node.type("output_dtype", DType.UINT8);
        if (!Types.require(dtype).isInteger() || dtype.bits() > 16) {
            throw Refusal.of("quantisation to " + dtype.text());
        }
        Operand scale = laid(node.input(1), x, node, mlx);
        Operand quotient = mlx.divide(mlx.cast(x, DType.FLOAT32), mlx.cast(scale, DType.FLOAT32));
        Optional<Operand> zero = node.optional(2).map(point -> laid(point, x, node, mlx));
        return saturated(quotient, zero, dtype, mlx);
    }

    /** Rounded half to even, moved by the zero point, and held within the type; all of it exact in float32. */
    private static Operand saturated(Operand quotient, Optional<Operand> zero, DType dtype, Primitives mlx) {
        Operand rounded = mlx.unary("Round", quotient);
        Operand moved = zero.map(point -> mlx.add(rounded, mlx.cast(point, DType.FLOAT32)))
                .orElse(rounded);
        boolean signed = dtype.kind() == DType.Kind.SIGNED;
        double low = signed ? -Math.scalb(1.0, dtype.bits() - 1) : 0;
        double high = Math.scalb(1.0, signed ? dtype.bits() - 1 : dtype.bits()) - 1;
        Operand held = mlx.minimum(mlx.maximum(moved, low), high);
        // MLX converts negative floats to unsigned types by way of nothing that C defines
        return mlx.cast(mlx.cast(held, DType.INT32), dtype);
    }

    /** A scale or zero point over the axis, or the blocks along it, that it belongs to. */
    private static Operand laid(Operand parameter, Operand x, Operation node, Primitives mlx) {
        if (parameter.rank() == 0) {
            return parameter;
        }
        if (parameter.rank() == 1 && parameter.shape().equals(List.of(Shapes.ONE))) {
            return mlx.reshape(parameter, List.of());
        }
        int axis = node.axis("axis", 1, x.rank());
        long block = node.integer("block_size", 0);
        if (block == 0) {
            return mlx.expandDims(parameter, Shapes.range(1, x.rank() - axis));
        }
        List<Long> places =
                LongStream.range(0, x.fixed(axis)).map(i -> i / block).boxed().toList();
        return mlx.take(parameter, mlx.integers(places), axis);
    }

    private static Operand dequantize(Operation node, Primitives mlx) {
        Operand x = known(node.input(0), mlx);
        Operand scale = node.input(1);
        DType dtype = node.type("output_dtype", scale.dtype());
        // differences of 32-bit integers are exact in 32 bits; float32 would round them
        Operand wide = x.isFloating() ? mlx.cast(x, DType.FLOAT32) : mlx.cast(x, DType.INT32);
        Operand centred = node.optional(2)
                .map(point -> {
                    Operand own = known(point, mlx);
                    return mlx.subtract(wide, mlx.cast(laid(own, x, node, mlx), wide.dtype()));
                })
                .orElse(wide);
        Operand laid = mlx.cast(laid(scale, x, node, mlx), DType.FLOAT32);
        return mlx.cast(mlx.multiply(mlx.cast(centred, DType.FLOAT32), laid), dtype);
    }

    /** A constant of a type that MLX lacks, as the numbers that it stands for: int8 or float32 holds each of them. */
    private static Operand known(Operand x, Primitives mlx) {
        if (Types.known(x.dtype()) || x.known().isEmpty()) {
            return x;
        }
        Tensor packed = x.known().get();
        Tensor plain = Tensor.allocate(x.isFloating() ? DType.FLOAT32 : DType.INT8, packed.shape());
        for (long i = 0; i < plain.elements(); i++) {
            plain.set(i, packed.doubleAt(i));
        }
        return mlx.constant(plain);
    }

    /** The range always holds 0; scale and zero point follow from it. */
    private static List<Operand> dynamic(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        List<Integer> all = Shapes.range(0, x.rank());
        Operand high = mlx.maximum(mlx.squeeze(mlx.max(x, all), all), 0);
        Operand low = mlx.minimum(mlx.squeeze(mlx.reduce(ReductionPrimitives.Fold.MINIMUM, x, all), all), 0);
        Operand scale = mlx.divide(mlx.subtract(high, low), 255);
        Operand place = mlx.unary("Round", mlx.negative(mlx.divide(low, scale)));
        Operand zero = mlx.minimum(mlx.maximum(place, 0), 255);
        Operand y = saturated(mlx.divide(x, scale), Optional.of(zero), DType.UINT8, mlx);
        return List.of(y, scale, mlx.cast(zero, DType.UINT8));
    }

    private static Operand matmul(Operation node, Primitives mlx) {
        Operand a = MatmulRules.shifted(node.input(0), node.optional(2), true, mlx);
        Operand b = MatmulRules.shifted(node.input(3), node.optional(5), false, mlx);
        Operand sum = MatmulRules.exact(a, b, mlx);
        return requantized(sum, node, node.input(1), node.input(4), 6, mlx);
    }

    private static Operand requantized(
            Operand sum, Operation node, Operand first, Operand second, int output, Primitives mlx) {
        Operand scale = mlx.multiply(mlx.cast(first, DType.FLOAT32), mlx.cast(second, DType.FLOAT32));
        Operand real = mlx.multiply(mlx.cast(sum, DType.FLOAT32), scale);
        Operand quotient = mlx.divide(real, mlx.cast(node.input(output), DType.FLOAT32));
        return saturated(
                quotient, node.optional(output + 1), node.input(output + 1).dtype(), mlx);
    }

    private static Operand convolution(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        Operand sum = ConvolutionRules.integer(node, x, node.optional(2), node.input(3), node.optional(5), mlx);
        Operand biased = node.has(8) ? mlx.add(sum, ConvolutionRules.perChannel(node.input(8), x.rank(), mlx)) : sum;
        Operand weightScale = node.input(4);
        Operand laid = weightScale.rank() == 1 && !Shapes.isOne(weightScale.size(0))
                ? ConvolutionRules.perChannel(weightScale, x.rank(), mlx)
                : mlx.reshape(weightScale, List.<Expression>of());
        return requantized(biased, node, node.input(1), laid, 6, mlx);
    }
}
