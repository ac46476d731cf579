package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Poolings over windows and over whole images. */
final class PoolRules {
    private PoolRules() {}

    static void register(Rules rules) {
        rules.add("MaxPool", PoolRules::max);
        rules.add("AveragePool", PoolRules::average);
        rules.add("LpPool", PoolRules::norm);
        rules.add(
                "GlobalAveragePool",
                (call, mil) -> call.result(
                        mil.mean(call.in(0), Arithmetic.axes(2, call.in(0).rank()))));
        rules.add(
                "GlobalMaxPool",
                (call, mil) -> call.result(mil.reduce(
                        "reduce_max", call.in(0), Arithmetic.axes(2, call.in(0).rank()), true)));
        rules.add("GlobalLpPool", PoolRules::globalNorm);
        rules.add("MaxUnpool", PoolRules::unpool);
    }

    private static Window window(Call call, Var x) {
        return Window.of(call, x, call.integers("kernel_shape").orElseThrow());
    }

    /**
     * The window with as much padding at the ends as rounding up takes. A last window that would start beyond the input and its
     * left padding is left out, as ONNX Runtime and PyTorch have it.
     */
    private static Window roundedUp(Call call, Var x, Window window) {
        if (!call.isSet("ceil_mode")) {
            return window;
        }
        long[] end = new long[window.axes()];
        for (int i = 0; i < end.length; i++) {
            long size = x.size(i + 2);
            long stride = window.strides()[i];
            long room = size + window.begin()[i] + window.end()[i] - window.span(i);
            long out = Math.ceilDiv(room, stride) + 1;
            if ((out - 1) * stride >= size + window.begin()[i]) {
                out--;
            }
            end[i] = Math.max(window.end()[i], (out - 1) * stride + window.span(i) - size - window.begin()[i]);
        }
        return window.withPadding(window.begin(), end);
    }

    private static List<Dim> shape(Var x, Window window) {
        List<Dim> shape = new ArrayList<>(x.shape().subList(0, 2));
        for (int i = 0; i < window.axes(); i++) {
            shape.add(
                    x.shape().get(i + 2) instanceof Dim.Fixed(long size)
                            ? new Dim.Fixed(window.out(size, i))
                            : new Dim.Unknown());
        }
        return shape;
    }

    private static Var pool(String type, Var x, Window window, Map<String, Var> more, Mil mil) {
        if (window.axes() > 3) {
            throw Refusals.unsupported("a pooling over " + window.axes() + " axes");
        }
        Map<String, Var> inputs = new TreeMap<>(more);
        inputs.put("x", x);
        inputs.put("kernel_sizes", mil.ints(window.kernel()));
        inputs.put("strides", mil.ints(window.strides()));
        inputs.put("pad_type", mil.text(window.isPadded() ? "custom" : "valid"));
        inputs.put("pad", mil.ints(window.pairs()));
        inputs.put("ceil_mode", mil.flag(false));
        return mil.out.write(type, inputs, x.element(), shape(x, window));
    }

    private static void max(Call call, Mil mil) {
        Var given = call.in(0);
        Var x = given.isReal() ? given : mil.cast(given, MilDataType.FLOAT32);
        Window window = roundedUp(call, x, window(call, x));
        if (call.wants(1)) {
            maxWithIndices(call, x, given, window, mil);
            return;
        }
        Var made = window.isDilated()
                ? Taps.fold(x, window, Double.NEGATIVE_INFINITY, mil::max, mil)
                : pool("max_pool", x, window, Map.of(), mil);
        call.result(mil.cast(made, given.element()), call.declared(0));
    }

    /** The largest element of each window and where it lies, by comparing the window's elements one after the other. */
    private static void maxWithIndices(Call call, Var x, Var given, Window window, Mil mil) {
        boolean columns = call.isSet("storage_order");
        List<Var> taps = Taps.of(x, window, Double.NEGATIVE_INFINITY, mil);
        List<Var> places = Taps.places(x, window, columns, mil);
        Var best = taps.getFirst();
        Var place = mil.expand(places.getFirst(), best.shape());
        for (int i = 1; i < taps.size(); i++) {
            Var better = mil.greater(taps.get(i), best);
            best = mil.select(better, taps.get(i), best);
            place = mil.select(better, mil.expand(places.get(i), best.shape()), place);
        }
        call.result(0, mil.cast(best, given.element()), call.declared(0));
        call.result(1, place, DType.INT64);
    }

    private static void average(Call call, Mil mil) {
        Var x = call.in(0);
        Window stated = window(call, x);
        Window window = roundedUp(call, x, stated);
        boolean counts = call.isSet("count_include_pad");
        if (window.isDilated()) {
            Var sum = Taps.fold(x, window, 0, mil::add, mil);
            Var ones = mil.filled(x.element(), 1, Shapes.with(Shapes.with(x.shape(), 0, Shapes.ONE), 1, Shapes.ONE));
            Var counted = counts ? bordered(ones, stated, 1, mil) : ones;
            Window rest = counts ? beyond(stated, window) : window;
            call.result(mil.div(sum, Taps.fold(counted, rest, 0, mil::add, mil)));
            return;
        }
        boolean grown = !Arrays.equals(stated.end(), window.end());
        if (counts && grown) {
            // What rounding up adds is never counted; what is stated is.
            Var padded = bordered(x, stated, 0, mil);
            call.result(pool("avg_pool", padded, beyond(stated, window), excluding(true, mil), mil));
            return;
        }
        call.result(pool("avg_pool", x, window, excluding(!counts, mil), mil));
    }

    private static Map<String, Var> excluding(boolean exclude, Mil mil) {
        return Map.of("exclude_padding_from_average", mil.flag(exclude));
    }

    private static Var bordered(Var x, Window window, double value, Mil mil) {
        long[] begin = new long[x.rank()];
        long[] end = new long[x.rank()];
        System.arraycopy(window.begin(), 0, begin, 2, window.axes());
        System.arraycopy(window.end(), 0, end, 2, window.axes());
        return mil.pad(x, begin, end, value);
    }

    /** The window on an input that has the stated padding already. */
    private static Window beyond(Window stated, Window grown) {
        long[] end = new long[stated.axes()];
        Arrays.setAll(end, i -> grown.end()[i] - stated.end()[i]);
        return grown.withPadding(new long[stated.axes()], end);
    }

    /** (Σ|x|^p)^(1/p); zeros around add nothing. */
    private static void norm(Call call, Mil mil) {
        Var x = call.in(0);
        Window window = roundedUp(call, x, window(call, x));
        double p = call.integer("p", 2);
        Var powers = p == 2 ? mil.square(x) : p == 1 ? mil.abs(x) : mil.pow(mil.abs(x), mil.like(x, p));
        Var sum;
        if (window.isDilated()) {
            sum = Taps.fold(powers, window, 0, mil::add, mil);
        } else {
            long count = Arrays.stream(window.kernel()).reduce(1, Math::multiplyExact);
            sum = mil.mul(pool("avg_pool", powers, window, excluding(false, mil), mil), mil.like(x, (double) count));
        }
        call.result(root(sum, p, mil));
    }

    private static Var root(Var sum, double p, Mil mil) {
        return p == 1 ? sum : p == 2 ? mil.sqrt(sum) : mil.pow(sum, mil.like(sum, 1 / p));
    }

    private static void globalNorm(Call call, Mil mil) {
        Var x = call.in(0);
        double p = call.integer("p", 2);
        Var powers = mil.pow(mil.abs(x), mil.like(x, p));
        call.result(root(mil.sum(powers, Arithmetic.axes(2, x.rank())), p, mil));
    }

    /** Indices count through the whole tensor; a stated shape that is larger adds zeros at the ends. */
    private static void unpool(Call call, Mil mil) {
        Var x = call.in(0);
        long[] kernel = call.integers("kernel_shape").orElseThrow();
        int axes = kernel.length;
        long[] strides = call.integers("strides").orElseGet(() -> Mil.ones(axes));
        long[] pads = call.integers("pads").orElseGet(() -> new long[2 * axes]);
        long[] sizes = x.sizes();
        for (int i = 0; i < axes; i++) {
            sizes[i + 2] = (sizes[i + 2] - 1) * strides[i] - pads[i] - pads[i + axes] + kernel[i];
        }
        long total = Arrays.stream(sizes).reduce(1, Math::multiplyExact);
        Var empty = mil.filled(x.element(), 0, Shapes.of(total));
        Var made = ScatterRules.alongAxis(
                empty, mil.reshape(call.in(1), x.elements()), mil.reshape(x, x.elements()), 0, "update", mil);
        Var image = mil.reshape(made, sizes);
        if (call.has(2)) {
            long[] wanted = call.longs(2, "output_shape");
            long[] end = new long[sizes.length];
            Arrays.setAll(end, i -> wanted[i] - sizes[i]);
            image = mil.pad(image, new long[sizes.length], end, 0);
        }
        call.result(image);
    }
}
