package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Picking elements by index, by condition or by rank in their order. */
final class GatherRules {
    private GatherRules() {}

    static void register(Rules rules) {
        rules.add("Gather", GatherRules::gather);
        rules.add("GatherElements", GatherRules::gatherElements);
        rules.add("GatherND", GatherRules::gatherMany);
        rules.add("Compress", GatherRules::compress);
        rules.add("TopK", GatherRules::top);
        rules.add("ArgMax", argument("reduce_argmax"));
        rules.add("ArgMin", argument("reduce_argmin"));
        rules.add("ai.onnx.ml.ArrayFeatureExtractor", GatherRules::features);
    }

    private static void gather(Call call, Mil mil) {
        Var x = call.in(0);
        int axis = x.axis(call.integer("axis", 0));
        call.result(mil.gather(x, front(call, x, axis, mil), axis), call.declared(0));
    }

    private static Var front(Call call, Var x, int axis, Mil mil) {
        Var indices = call.in(1);
        Optional<Tensor> constant = mil.content(indices);
        boolean positive = constant.isPresent()
                && LongStream.range(0, constant.get().elements())
                        .allMatch(i -> constant.get().longAt(i) >= 0);
        return positive ? indices : mil.fromFront(indices, x.size(axis));
    }

    private static void gatherElements(Call call, Mil mil) {
        Var x = call.in(0);
        int axis = x.axis(call.integer("axis", 0));
        Var indices = front(call, x, axis, mil);
        // MIL wants all other sizes to be equal, ONNX lets the indices have fewer.
        Var source = x;
        for (int i = 0; i < x.rank(); i++) {
            if (i != axis && !x.shape().get(i).equals(indices.shape().get(i))) {
                source = mil.slice(source, i, 0, indices.size(i));
            }
        }
        call.result(mil.gatherAlongAxis(source, indices, axis), call.declared(0));
    }

    private static void gatherMany(Call call, Mil mil) {
        Var x = call.in(0);
        int batch = Math.toIntExact(call.integer("batch_dims", 0));
        Var indices = countedFromFront(call.in(1), x, batch, mil);
        call.result(gatherMany(x, indices, batch, mil), call.declared(0));
    }

    /** Index tuples, each part counted from the front of its axis. */
    static Var countedFromFront(Var indices, Var x, int batch, Mil mil) {
        int length = Math.toIntExact(indices.size(-1));
        Var sizes = mil.ints(
                IntStream.range(batch, batch + length).mapToLong(i -> x.size(i)).toArray());
        return mil.select(mil.less(indices, mil.integer(0)), mil.add(indices, sizes), indices);
    }

    private static Var gatherMany(Var x, Var indices, int batch, Mil mil) {
        if (x.isFlag()) {
            return mil.cast(gatherMany(mil.cast(x, MilDataType.INT32), indices, batch, mil), MilDataType.BOOL);
        }
        int length = Math.toIntExact(indices.size(-1));
        List<Dim> shape = new ArrayList<>(indices.shape().subList(0, indices.rank() - 1));
        shape.addAll(x.shape().subList(batch + length, x.rank()));
        Map<String, Var> inputs = new TreeMap<>(Map.of("x", x, "indices", indices));
        if (batch > 0) {
            mil.out.need(CoremlModel.IOS_16, "gather_nd with batch dimensions");
            inputs.put("batch_dims", mil.integer(batch));
        }
        return mil.out.write("gather_nd", inputs, x.element(), shape);
    }

    /** The condition decides the shape, so it has to be known. */
    private static void compress(Call call, Mil mil) {
        Var x = call.in(0);
        Tensor condition = call.constant(1, "condition");
        boolean flat = call.attribute("axis") == null;
        Var source = flat ? mil.reshape(x, x.elements()) : x;
        int axis = flat ? 0 : x.axis(call.integer("axis"));
        long[] kept = LongStream.range(0, condition.elements())
                .filter(i -> condition.longAt(i) != 0)
                .toArray();
        call.result(mil.gather(source, mil.ints(kept), axis), call.declared(0));
    }

    private static void top(Call call, Mil mil) {
        Var x = call.in(0);
        int axis = x.axis(call.integer("axis", -1));
        long k = call.opset() < 10 ? call.integer("k") : call.constant(1, "k").longAt(0);
        boolean largest = call.integer("largest", 1) != 0;
        List<Dim> shape = Shapes.with(x.shape(), axis, new Dim.Fixed(k));
        List<Var> made = mil.out.write(
                "topk",
                Map.of(
                        "x", List.of(x),
                        "k", List.of(mil.integer(k)),
                        "axis", List.of(mil.integer(axis)),
                        "ascending", List.of(mil.flag(!largest))),
                List.of(
                        mil.out.fresh("values", x.element(), shape),
                        mil.out.fresh("indices", MilDataType.INT32, shape)),
                List.of());
        call.result(0, made.getFirst(), call.declared(0));
        call.result(1, made.getLast(), DType.INT64);
    }

    /** MIL takes the first of equal elements; the last is the first from behind. */
    private static Rule argument(String type) {
        return (call, mil) -> {
            Var x = call.in(0);
            int axis = x.axis(call.integer("axis", 0));
            boolean keep = call.integer("keepdims", 1) != 0;
            if (!call.isSet("select_last_index")) {
                call.result(mil.argument(type, x, axis, keep), DType.INT64);
                return;
            }
            Var behind = mil.argument(type, mil.reverse(x, axis), axis, keep);
            call.result(mil.sub(mil.integer(x.size(axis) - 1), behind), DType.INT64);
        };
    }

    private static void features(Call call, Mil mil) {
        Var x = call.in(0);
        Var row = x.rank() == 1 ? mil.expandDims(x, 0) : x;
        Var indices = call.in(1);
        Var flat = mil.reshape(indices, indices.elements());
        call.result(mil.gather(row, flat, row.rank() - 1), call.declared(0));
    }
}
