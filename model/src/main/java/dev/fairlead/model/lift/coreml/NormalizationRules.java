package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Normalisations. Parameters of a wider type than the operand's are computed with in that type. */
final class NormalizationRules {
    private NormalizationRules() {}

    static void register(Rules rules) {
        rules.add("batch_norm", NormalizationRules::batch);
        rules.add("instance_norm", NormalizationRules::instance);
        rules.add("layer_norm", NormalizationRules::layer);
        rules.add("l2_norm", NormalizationRules::l2);
        rules.add("local_response_norm", NormalizationRules::localResponse);
    }

    /** float32 where any parameter is, else the operand's type. */
    private static DType compute(Invocation call, String... parameters) {
        DType dtype = call.dtype(call.get("x"));
        for (String parameter : parameters) {
            if (call.has(parameter) && call.dtype(call.get(parameter)) == DType.FLOAT32) {
                dtype = DType.FLOAT32;
            }
        }
        return dtype;
    }

    /** Ends the operation in its own type. */
    private static void finish(String value, DType dtype, Invocation call, Emitter out) {
        if (dtype == call.outputDtype()) {
            out.result("Identity", value);
        } else {
            out.result("Cast", Attributes.to(call.outputDtype()), value);
        }
    }

    private static String vector(String name, double otherwise, DType dtype, long size, Invocation call, Emitter out) {
        if (call.has(name)) {
            return out.as(call.get(name), dtype);
        }
        Tensor tensor = Tensor.allocate(dtype, List.of(call.bounded(size)));
        for (long i = 0; i < size; i++) {
            tensor.set(i, otherwise);
        }
        return out.constant(tensor);
    }

    private static void batch(Invocation call, Emitter out) {
        DType dtype = compute(call, "mean", "variance", "gamma", "beta");
        long channels = call.size(call.get("mean"), 0).orElseThrow();
        String value = out.inner(
                "BatchNormalization",
                Attributes.real("epsilon", call.real("epsilon", 1e-5)),
                out.as(call.get("x"), dtype),
                vector("gamma", 1, dtype, channels, call, out),
                vector("beta", 0, dtype, channels, call, out),
                vector("mean", 0, dtype, channels, call, out),
                vector("variance", 1, dtype, channels, call, out));
        finish(value, dtype, call, out);
    }

    private static void instance(Invocation call, Emitter out) {
        DType dtype = compute(call, "gamma", "beta");
        long channels =
                call.size(call.get("x"), 1).orElseThrow(() -> call.unsupported("the number of channels is not known"));
        String value = out.inner(
                "InstanceNormalization",
                Attributes.real("epsilon", call.real("epsilon", 1e-5)),
                out.as(call.get("x"), dtype),
                vector("gamma", 1, dtype, channels, call, out),
                vector("beta", 0, dtype, channels, call, out));
        finish(value, dtype, call, out);
    }

    /** ONNX' own where the axes are the last ones; else written out, as it has no other. */
    private static void layer(Invocation call, Emitter out) {
        Operand x = call.get("x");
        int rank = call.rank(x);
        List<Integer> axes = call.optionalIntegers("axes")
                .map(list -> list.stream()
                        .map(axis -> call.axis(axis, rank))
                        .sorted()
                        .toList())
                .orElse(Slicing.axes(rank));
        DType dtype = compute(call, "gamma", "beta");
        double epsilon = call.real("epsilon", 1e-5);
        String typed = out.as(x, dtype);
        boolean isLast = axes.equals(Slicing.axes(rank).subList(rank - axes.size(), rank));
        List<Long> sizes = new ArrayList<>();
        axes.forEach(axis -> call.size(x, axis).ifPresent(sizes::add));
        if (isLast && (call.has("gamma") || sizes.size() == axes.size())) {
            String gamma = call.has("gamma") ? out.as(call.get("gamma"), dtype) : ones(dtype, sizes, call, out);
            String beta = call.has("beta") ? out.as(call.get("beta"), dtype) : "";
            finish(
                    out.inner(
                            "LayerNormalization",
                            Attributes.all(Attributes.of("axis", axes.getFirst()), Attributes.real("epsilon", epsilon)),
                            typed,
                            gamma,
                            beta),
                    dtype,
                    call,
                    out);
            return;
        }
        String where = out.integers(axes);
        String centered = out.inner("Sub", typed, out.inner("ReduceMean", typed, where));
        String variance = out.inner("ReduceMean", out.inner("Mul", centered, centered), where);
        String deviation = out.inner("Sqrt", out.inner("Add", variance, out.scalar(dtype, epsilon)));
        String value = out.inner("Div", centered, deviation);
        List<Integer> others = IntStream.range(0, rank)
                .filter(axis -> !axes.contains(axis))
                .boxed()
                .toList();
        if (call.has("gamma")) {
            value = out.inner("Mul", value, spread("gamma", others, dtype, call, out));
        }
        if (call.has("beta")) {
            value = out.inner("Add", value, spread("beta", others, dtype, call, out));
        }
        finish(value, dtype, call, out);
    }

    private static String ones(DType dtype, List<Long> shape, Invocation call, Emitter out) {
        shape.forEach(call::bounded);
        call.bounded(Tensor.elements(shape));
        Tensor tensor = Tensor.allocate(dtype, shape);
        for (long i = 0; i < tensor.elements(); i++) {
            tensor.set(i, 1.0);
        }
        return out.constant(tensor);
    }

    private static String spread(String name, List<Integer> axes, DType dtype, Invocation call, Emitter out) {
        String typed = out.as(call.get(name), dtype);
        return axes.isEmpty() ? typed : out.inner("Unsqueeze", typed, out.integers(axes));
    }

    /** Over the last three axes. */
    private static void l2(Invocation call, Emitter out) {
        Operand x = call.get("x");
        DType dtype = compute(call);
        String squares = out.inner("ReduceSumSquare", out.of(x), out.integers(-3, -2, -1));
        String sum = out.inner("Add", squares, out.scalar(dtype, call.real("epsilon", 1e-6)));
        out.result("Div", out.of(x), out.inner("Sqrt", sum));
    }

    private static void localResponse(Invocation call, Emitter out) {
        long size = call.integer("size");
        if (size % 2 == 0) {
            throw call.unsupported("a neighbourhood of even size lies differently in ONNX");
        }
        Operand x = call.get("x");
        boolean isFlat = call.rank(x) == 3;
        String wide = isFlat ? out.inner("Unsqueeze", out.of(x), out.integers(3)) : out.of(x);
        var attributes = Attributes.all(
                Attributes.of("size", size),
                Attributes.real("alpha", call.real("alpha", 1e-4)),
                Attributes.real("beta", call.real("beta", 0.75)),
                Attributes.real("bias", call.real("k", 1)));
        if (isFlat) {
            out.result("Squeeze", out.inner("LRN", attributes, wide), out.integers(3));
        } else {
            out.result("LRN", attributes, wide);
        }
    }
}
