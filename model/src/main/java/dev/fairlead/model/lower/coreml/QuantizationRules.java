package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Quantisation at run time, in arithmetic that gives ONNX' own rounding. */
final class QuantizationRules {
    /** Integers up to here are exact in float32. */
    private static final long EXACT = 1 << 24;

    private QuantizationRules() {}

    static void register(Rules rules) {
        rules.add("QuantizeLinear", QuantizationRules::quantize);
        rules.add("DequantizeLinear", QuantizationRules::dequantize);
        rules.add("DynamicQuantizeLinear", QuantizationRules::dynamic);
        rules.add("MatMulInteger", QuantizationRules::matmulInteger);
        rules.add("QLinearMatMul", QuantizationRules::quantizedMatmul);
        rules.add("ConvInteger", QuantizationRules::convInteger);
        rules.add("QLinearConv", QuantizationRules::quantizedConvolution);
    }

    /** Scales or zero points laid out so that they broadcast with what they scale. */
    static Var spread(Call call, Var parameter, Var x, Mil mil) {
        if (parameter.elements() == 1) {
            return mil.reshape(parameter);
        }
        int axis = x.axis(call.integer("axis", 1));
        long block = call.integer("block_size", 0);
        if (block == 0) {
            long[] sizes = Mil.ones(x.rank());
            sizes[axis] = parameter.elements();
            return mil.reshape(parameter, sizes);
        }
        long[] sizes = parameter.sizes();
        long[] split = new long[sizes.length + 1];
        System.arraycopy(sizes, 0, split, 0, axis + 1);
        split[axis + 1] = 1;
        System.arraycopy(sizes, axis + 1, split, axis + 2, sizes.length - axis - 1);
        long[] reps = Mil.ones(split.length);
        reps[axis + 1] = block;
        long[] joined = sizes.clone();
        joined[axis] *= block;
        Var spread = mil.reshape(mil.tile(mil.reshape(parameter, split), reps), joined);
        return mil.slice(spread, axis, 0, x.size(axis));
    }

    private static void quantize(Call call, Mil mil) {
        DType to = call.has(2)
                ? call.declared(2)
                : call.attribute("output_dtype") != null && call.integer("output_dtype", 0) != 0
                        ? DTypes.of(call.integer("output_dtype"))
                        : DType.UINT8;
        Carried.element(to);
        Var x = call.in(0);
        Var real = x.isReal() ? x : mil.cast(x, MilDataType.FLOAT32);
        Var scale = spread(call, mil.cast(call.in(1), real.element()), real, mil);
        Var quotient = mil.div(real, scale);
        Var zero = call.has(2) ? spread(call, mil.cast(call.in(2), real.element()), real, mil) : null;
        call.result(mil.cast(limited(quotient, zero, to, mil), MilDataType.INT32), to);
    }

    /** Rounded half to even, moved by the zero point and kept in the type's range. */
    private static Var limited(Var x, @Nullable Var zero, DType to, Mil mil) {
        if (!to.isInteger()) {
            throw Refusals.unsupported("a quantisation to " + to.text());
        }
        Var rounded = mil.unary("round", x);
        Var moved = zero == null ? rounded : mil.add(rounded, zero);
        boolean signed = to.kind() == DType.Kind.SIGNED;
        double low = signed ? -(1L << (to.bits() - 1)) : 0;
        double high = signed ? (1L << (to.bits() - 1)) - 1 : (1L << to.bits()) - 1;
        return mil.min(mil.max(moved, mil.like(moved, low)), mil.like(moved, high));
    }

    private static void dequantize(Call call, Mil mil) {
        DType from = call.declared(0);
        if (!from.isInteger()) {
            throw Refusals.unsupported("a dequantisation of " + from.text());
        }
        DType to = call.attribute("output_dtype") != null && call.integer("output_dtype", 0) != 0
                ? DTypes.of(call.integer("output_dtype"))
                : call.declared(1);
        MilDataType element = call.element(to);
        Optional<Var> weight = WeightRules.dequantized(call, element, mil);
        if (weight.isPresent()) {
            call.result(weight.get(), to);
            return;
        }
        Var x = call.in(0);
        // The difference of integers is taken before anything is rounded.
        Var whole = call.has(2) ? mil.sub(x, spread(call, call.in(2), x, mil)) : x;
        Var scale = spread(call, mil.cast(call.in(1), element), x, mil);
        call.result(mil.mul(mil.cast(whole, element), scale), to);
    }

    /** To uint8 over the range of the data, which always has zero in it. */
    private static void dynamic(Call call, Mil mil) {
        Var x = call.in(0);
        int[] all = Arithmetic.axes(0, x.rank());
        Var zero = mil.like(x, 0);
        Var low = mil.min(mil.reduce("reduce_min", x, all, false), zero);
        Var high = mil.max(mil.reduce("reduce_max", x, all, false), zero);
        Var scale = mil.div(mil.sub(high, low), mil.like(x, 255));
        Var point = limited(mil.negative(mil.div(low, scale)), null, DType.UINT8, mil);
        Var made = limited(mil.div(x, scale), point, DType.UINT8, mil);
        call.result(0, mil.cast(made, MilDataType.INT32), DType.UINT8);
        call.result(1, scale, call.declared(0));
        call.result(2, mil.cast(point, MilDataType.INT32), DType.UINT8);
    }

    /** An operand less its zero point, which may be one a row of the left or a column of the right side. */
    private static Var centered(Call call, int operand, int point, boolean left, Mil mil) {
        Var x = call.in(operand);
        if (!call.has(point)) {
            return x;
        }
        Var zero = call.in(point);
        return mil.sub(x, zero.elements() == 1 ? mil.reshape(zero) : line(zero, left, mil));
    }

    private static Var line(Var vector, boolean left, Mil mil) {
        return vector.rank() == 1 && left ? mil.expandDims(vector, 1) : vector;
    }

    private static void matmulInteger(Call call, Mil mil) {
        Var a = centered(call, 0, 2, true, mil);
        Var b = centered(call, 1, 3, false, mil);
        call.result(MatmulRules.product(a, b, mil), DType.INT32);
    }

    private static void quantizedMatmul(Call call, Mil mil) {
        Var a = centered(call, 0, 2, true, mil);
        Var b = centered(call, 3, 5, false, mil);
        Var product = MatmulRules.product(a, b, mil);
        MilDataType element = MilDataType.FLOAT32;
        Var left = scale(call.in(1), true, mil);
        Var right = scale(call.in(4), false, mil);
        Var factor = mil.div(mil.mul(left, right), scale(call.in(6), true, mil));
        Var real = mil.mul(mil.cast(product, element), factor);
        Var zero = line(mil.cast(flatOne(call.in(7), mil), element), true, mil);
        DType to = call.declared(7);
        call.result(mil.cast(limited(real, zero, to, mil), MilDataType.INT32), to);
    }

    private static Var scale(Var scale, boolean left, Mil mil) {
        return mil.cast(line(flatOne(scale, mil), left, mil), MilDataType.FLOAT32);
    }

    private static Var flatOne(Var x, Mil mil) {
        return x.elements() == 1 ? mil.reshape(x) : x;
    }

    private static void convInteger(Call call, Mil mil) {
        Var made = wholeConvolution(call, 0, 2, 1, 3, mil);
        call.result(mil.cast(made, MilDataType.INT32), DType.INT32);
    }

    private static void quantizedConvolution(Call call, Mil mil) {
        Var made = wholeConvolution(call, 0, 2, 3, 5, mil);
        int rank = made.rank();
        if (call.has(8)) {
            Var bias = mil.cast(call.in(8), MilDataType.FLOAT32);
            made = mil.add(made, ConvolutionRules.perChannel(bias, rank, mil));
        }
        Var weightScale = flatOne(call.in(4), mil);
        Var right = weightScale.rank() == 0 ? weightScale : ConvolutionRules.perChannel(weightScale, rank, mil);
        Var factor = mil.div(mil.mul(flatOne(call.in(1), mil), right), flatOne(call.in(6), mil));
        DType to = call.declared(7);
        Var zero = mil.cast(flatOne(call.in(7), mil), MilDataType.FLOAT32);
        call.result(mil.cast(limited(mil.mul(made, factor), zero, to, mil), MilDataType.INT32), to);
    }

    /** A convolution of integers in float32, which is exact while no sum can leave 24 bits. */
    private static Var wholeConvolution(Call call, int input, int inputZero, int kernel, int kernelZero, Mil mil) {
        Var x = mil.cast(centered(call, input, inputZero, false, mil), MilDataType.FLOAT32);
        Var weight = mil.cast(call.in(kernel), MilDataType.FLOAT32);
        if (call.has(kernelZero)) {
            Var zero = mil.cast(flatOne(call.in(kernelZero), mil), MilDataType.FLOAT32);
            long[] sizes = Mil.ones(weight.rank());
            sizes[0] = zero.rank() == 0 ? 1 : zero.size(0);
            weight = mil.sub(weight, zero.rank() == 0 ? zero : mil.reshape(zero, sizes));
        }
        long terms = weight.elements() / weight.size(0);
        if (terms * 255 * 255 >= EXACT) {
            throw Refusals.unsupported("an integer convolution of " + terms + " terms, which float32 may round");
        }
        Window window = Window.of(call, x, Arrays.copyOfRange(weight.sizes(), 2, weight.rank()));
        if (window.isDilated()) {
            throw Refusals.unsupported("a dilated integer convolution");
        }
        return ConvolutionRules.convolution(x, weight, Optional.empty(), window, call.integer("group", 1), mil);
    }
}
