package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Tensors made, filled, padded and cut. */
final class TensorRules {
    private TensorRules() {}

    static void register(Rules rules) {
        rules.add("band_part", TensorRules::bandPart);
        rules.add("cumsum", TensorRules::cumulativeSum);
        rules.add("fill", (call, out) -> fill(out.longs(call.get("shape")), call, out));
        rules.add("fill_like", (call, out) -> fill(out.shape(call.get("ref_tensor")), call, out));
        rules.add("one_hot", TensorRules::oneHot);
        rules.add("pad", TensorRules::pad);
        rules.add("range_1d", TensorRules::range);
        rules.add("non_zero", TensorRules::nonZero);
    }

    /** Trilu twice, each keeping one side of the band. */
    private static void bandPart(Invocation call, Emitter out) {
        Operand x = call.get("x");
        long lower = call.integer("lower", -1);
        long upper = call.integer("upper", -1);
        DType dtype = call.dtype(x);
        boolean isDirect = dtype.isFloating();
        String value = isDirect ? out.of(x) : out.as(x, DType.INT64);
        if (lower >= 0) {
            value = out.inner("Trilu", Attributes.of("upper", 1), value, longScalar(-lower, out));
        }
        if (upper >= 0) {
            value = out.inner("Trilu", Attributes.of("upper", 0), value, longScalar(upper, out));
        }
        if (isDirect) {
            out.result("Identity", value);
        } else {
            out.result("Cast", Attributes.to(dtype), value);
        }
    }

    private static String longScalar(long value, Emitter out) {
        return out.constant(Tensor.scalar(DType.INT64, (double) value));
    }

    private static void cumulativeSum(Invocation call, Emitter out) {
        Operand x = call.get("x");
        int axis = call.axis("axis", 0, call.rank(x));
        out.result(
                "CumSum",
                Attributes.all(
                        Attributes.of("exclusive", call.flag("exclusive", false) ? 1 : 0),
                        Attributes.of("reverse", call.flag("reverse", false) ? 1 : 0)),
                out.of(x),
                longScalar(axis, out));
    }

    private static void fill(String shape, Invocation call, Emitter out) {
        String value =
                call.has("value") ? out.as(call.get("value"), call.outputDtype()) : out.scalar(call.outputDtype(), 0);
        out.result("Expand", value, shape);
    }

    /** An index that is none of the vector's turns nothing on; ONNX' own would count a negative one from the end. */
    private static void oneHot(Invocation call, Emitter out) {
        Operand indices = call.get("indices");
        int rank = call.rank(indices) + 1;
        int axis = call.axis("axis", -1, rank);
        DType dtype = call.outputDtype();
        String depth = out.inner("Squeeze", out.longs(call.get("one_hot_vector_size")));
        String places = out.inner("Range", longScalar(0, out), depth, longScalar(1, out));
        List<Long> shape = new ArrayList<>(Collections.nCopies(rank, 1L));
        shape.set(axis, -1L);
        String spread = out.inner("Reshape", places, out.integers(shape));
        String wanted = out.inner("Unsqueeze", out.longs(indices), out.integers(axis));
        out.result(
                "Where",
                out.inner("Equal", wanted, spread),
                value("on_value", 1, dtype, call, out),
                value("off_value", 0, dtype, call, out));
    }

    private static String value(String name, double otherwise, DType dtype, Invocation call, Emitter out) {
        return call.has(name) ? out.as(call.get(name), dtype) : out.scalar(dtype, otherwise);
    }

    /** MIL has beginning and end of an axis side by side, and may name the last axes only. */
    private static void pad(Invocation call, Emitter out) {
        Operand x = call.get("x");
        int rank = call.rank(x);
        String mode = switch (call.text("mode", "constant")) {
            case "constant" -> "constant";
            case "reflect" -> "reflect";
            case "replicate" -> "edge";
            default -> throw call.malformed("mode", "is no mode");
        };
        Optional<Tensor> known = call.known("pad");
        String pads;
        if (known.isPresent()) {
            List<Long> stated = Invocation.integers(known.get());
            int skipped = rank - stated.size() / 2;
            List<Long> ordered = new ArrayList<>(Collections.nCopies(2 * rank, 0L));
            for (int i = 0; i < stated.size() / 2; i++) {
                ordered.set(skipped + i, stated.get(2 * i));
                ordered.set(rank + skipped + i, stated.get(2 * i + 1));
            }
            pads = out.integers(ordered);
        } else {
            String pairs = out.inner("Reshape", out.longs(call.get("pad")), out.integers(rank, 2));
            String sides = out.inner("Transpose", Attributes.of("perm", List.of(1, 0)), pairs);
            pads = out.inner("Reshape", sides, out.integers(-1));
        }
        String fill = mode.equals("constant") && call.has("constant_val")
                ? out.scalar(call.dtype(x), call.real("constant_val"))
                : "";
        out.result("Pad", Attributes.text("mode", mode), out.of(x), pads, fill);
    }

    private static void range(Invocation call, Emitter out) {
        DType dtype = call.outputDtype();
        List<String> bounds = new ArrayList<>();
        for (String name : List.of("start", "end", "step")) {
            Operand bound = call.get(name);
            String typed = out.as(bound, dtype);
            bounds.add(call.rank(bound) == 0 ? typed : out.inner("Squeeze", typed));
        }
        out.result("Range", bounds.toArray(String[]::new));
    }

    private static void nonZero(Invocation call, Emitter out) {
        String columns = out.inner("NonZero", out.of(call.get("x")));
        String rows = out.inner("Transpose", Attributes.of("perm", List.of(1, 0)), columns);
        out.result("Cast", Attributes.to(call.outputDtype()), rows);
    }
}
