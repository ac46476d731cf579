package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** Fourier transforms as products with constant matrices, the windows that go with them, and cumulative sums. */
final class SignalRules {
    private static final long LONGEST = 4096;

    private SignalRules() {}

    static void register(Rules rules) {
        rules.add("DFT", SignalRules::fourier);
        rules.add("STFT", SignalRules::shortTime);
        rules.add("HannWindow", (call, mil) -> window(call, t -> 0.5 - 0.5 * Math.cos(t)));
        rules.add("HammingWindow", (call, mil) -> window(call, t -> 25 / 46.0 - 21 / 46.0 * Math.cos(t)));
        rules.add(
                "BlackmanWindow", (call, mil) -> window(call, t -> 0.42 - 0.5 * Math.cos(t) + 0.08 * Math.cos(2 * t)));
        rules.add("CumSum", SignalRules::cumulativeSum);
        rules.add("CumProd", SignalRules::cumulativeProduct);
    }

    private static void window(Call call, DoubleUnaryOperator shape) {
        long size = call.constant(0, "size").longAt(0);
        long period = call.integer("periodic", 1) != 0 ? size : size - 1;
        DType dtype = DTypes.of(call.integer("output_datatype", 1));
        Tensor made = Tensor.allocate(dtype, List.of(size));
        for (long i = 0; i < size; i++) {
            made.set(i, shape.applyAsDouble(2 * Math.PI * i / period));
        }
        call.result(0, made);
    }

    /** Real and imaginary parts lie along the last axis; a real signal has one part. */
    private static void fourier(Call call, Mil mil) {
        Var x = call.in(0);
        boolean inverse = call.isSet("inverse");
        boolean half = call.isSet("onesided");
        long stated = call.opset() < 20
                ? call.integer("axis", 1)
                : call.has(2) ? call.constant(2, "axis").longAt(0) : -2;
        int axis = x.axis(stated);
        long size = x.size(axis);
        long length = call.has(1) ? call.constant(1, "dft_length").longAt(0) : inverse && half ? 2 * (size - 1) : size;
        if (inverse && half) {
            call.result(realInverse(x, axis, length, mil), call.declared(0));
            return;
        }
        long kept = half ? length / 2 + 1 : length;
        call.result(transformed(x, axis, length, kept, inverse, mil), call.declared(0));
    }

    /** The signal cut or filled with zeros to the length, times cosines and sines. */
    private static Var transformed(Var x, int axis, long length, long kept, boolean inverse, Mil mil) {
        Var fitted = fitted(x, axis, length, mil);
        List<Var> parts = parts(fitted, axis, mil);
        double sign = inverse ? 1 : -1;
        double scale = inverse ? 1.0 / length : 1;
        Var cos = waves(x, length, kept, scale, Math::cos, mil);
        Var sin = waves(x, length, kept, sign * scale, Math::sin, mil);
        Var real = mil.matmul(parts.getFirst(), cos, false, false);
        Var imaginary = mil.matmul(parts.getFirst(), sin, false, false);
        if (parts.size() == 2) {
            real = mil.sub(real, mil.matmul(parts.getLast(), sin, false, false));
            imaginary = mil.add(imaginary, mil.matmul(parts.getLast(), cos, false, false));
        }
        Var both = mil.stack(List.of(back(real, axis, mil), back(imaginary, axis, mil)), x.rank() - 1);
        return both;
    }

    /** Half a spectrum to a real signal: what is not stored is the mirrored conjugate. */
    private static Var realInverse(Var x, int axis, long length, Mil mil) {
        long bins = length / 2 + 1;
        List<Var> parts = parts(fitted(x, axis, bins, mil), axis, mil);
        requireLength(length);
        Var cos = half(x, bins, length, Math::cos, mil);
        Var made = mil.matmul(parts.getFirst(), cos, false, false);
        if (parts.size() == 2) {
            made = mil.sub(made, mil.matmul(parts.getLast(), half(x, bins, length, Math::sin, mil), false, false));
        }
        return mil.expandDims(back(made, axis, mil), x.rank() - 1);
    }

    private static Var half(Var x, long bins, long length, DoubleUnaryOperator wave, Mil mil) {
        return mil.reals(x.element(), List.of(bins, length), flat -> {
            long k = flat / length;
            long n = flat % length;
            boolean single = k == 0 || 2 * k == length;
            return (single ? 1.0 : 2.0) / length * wave.applyAsDouble(2 * Math.PI * (k * n % length) / length);
        });
    }

    private static Var waves(Var x, long length, long kept, double scale, DoubleUnaryOperator wave, Mil mil) {
        requireLength(length);
        return mil.reals(x.element(), List.of(length, kept), flat -> {
            long n = flat / kept;
            long k = flat % kept;
            return scale * wave.applyAsDouble(2 * Math.PI * (k * n % length) / length);
        });
    }

    private static void requireLength(long length) {
        if (length > LONGEST) {
            throw Refusals.unsupported("a Fourier transform of " + length + " elements");
        }
    }

    private static Var fitted(Var x, int axis, long length, Mil mil) {
        long size = x.size(axis);
        if (length <= size) {
            return mil.slice(x, axis, 0, length);
        }
        long[] end = new long[x.rank()];
        end[axis] = length - size;
        return mil.pad(x, new long[x.rank()], end, 0);
    }

    /** The parts as tensors of their own whose last axis is the transformed one, of rank two at least. */
    private static List<Var> parts(Var x, int axis, Mil mil) {
        List<Var> parts = new ArrayList<>();
        for (long part = 0; part < x.size(-1); part++) {
            parts.add(mil.moveLast(mil.at(x, x.rank() - 1, part), axis));
        }
        return parts;
    }

    private static Var back(Var x, int axis, Mil mil) {
        return mil.moveFromLast(x, axis);
    }

    /** Frames gathered with constant indices, weighed and transformed. */
    private static void shortTime(Call call, Mil mil) {
        Var signal = call.in(0);
        Var x = signal.rank() == 2 ? mil.expandDims(signal, 2) : signal;
        long step = call.constant(1, "frame_step").longAt(0);
        long length = call.has(3)
                ? call.constant(3, "frame_length").longAt(0)
                : call.has(2) ? call.in(2).size(0) : x.size(1);
        long frames = 1 + (x.size(1) - length) / step;
        long[] indices = new long[Math.toIntExact(frames * length)];
        Arrays.setAll(indices, i -> i / length * step + i % length);
        Var rows = mil.reshape(mil.gather(x, mil.ints(indices), 1), x.size(0), frames, length, x.size(2));
        if (call.has(2)) {
            Var window = call.in(2);
            if (window.size(0) != length) {
                throw Refusals.unsupported("a window of another length than its frames");
            }
            rows = mil.mul(rows, mil.expandDims(window, 1));
        }
        long kept = call.integer("onesided", 1) != 0 ? length / 2 + 1 : length;
        call.result(transformed(rows, 2, length, kept, false, mil), call.declared(0));
    }

    private static void cumulativeSum(Call call, Mil mil) {
        Var x = call.in(0);
        int axis = x.axis(call.constant(1, "axis").longAt(0));
        Var made = mil.out.write(
                "cumsum",
                Map.of(
                        "x", x,
                        "axis", mil.integer(axis),
                        "exclusive", mil.flag(call.isSet("exclusive")),
                        "reverse", mil.flag(call.isSet("reverse"))),
                x.element(),
                x.shape());
        call.result(Carried.wrap(made, call.declared(0), mil), call.declared(0));
    }

    /** Doubling strides: after each round an element holds twice as many factors. */
    private static void cumulativeProduct(Call call, Mil mil) {
        Var given = call.in(0);
        int axis = given.axis(call.constant(1, "axis").longAt(0));
        boolean backwards = call.isSet("reverse");
        Var x = backwards ? mil.reverse(given, axis) : given;
        long size = x.size(axis);
        if (call.isSet("exclusive")) {
            x = shifted(x, axis, 1, size, mil);
        }
        for (long stride = 1; stride < size; stride *= 2) {
            x = mil.mul(x, shifted(x, axis, stride, size, mil));
        }
        call.result(backwards ? mil.reverse(x, axis) : x, call.declared(0));
    }

    /** Moved towards the end, with ones before. */
    private static Var shifted(Var x, int axis, long by, long size, Mil mil) {
        long[] begin = new long[x.rank()];
        begin[axis] = by;
        return mil.slice(mil.pad(x, begin, new long[x.rank()], 1), axis, 0, size);
    }
}
