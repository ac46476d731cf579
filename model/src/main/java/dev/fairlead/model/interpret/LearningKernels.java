package dev.fairlead.model.interpret;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.TextArray;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Operators of {@code ai.onnx.ml} that look up or compare. */
final class LearningKernels {
    private static final String DOMAIN = "ai.onnx.ml";

    private LearningKernels() {}

    static void register(Kernels kernels) {
        kernels.add(DOMAIN, "LabelEncoder", LearningKernels::encode);
        kernels.add(DOMAIN, "ArrayFeatureExtractor", LearningKernels::extract);
        kernels.add(DOMAIN, "Binarizer", call -> {
            double threshold = call.real("threshold", 0);
            Array array = call.array(0);
            double[] values = Arrays.stream(Numbers.doubles(call, array))
                    .map(value -> value > threshold ? 1 : 0)
                    .toArray();
            return Elementwise.one(Numbers.like(call, array, array.shape(), values));
        });
        kernels.add(DOMAIN, "TreeEnsemble", call -> Elementwise.one(new TreeEnsemble(call).run(call)));
    }

    private static List<Datum> encode(Call call) {
        Array array = call.array(0);
        Array keys = list(call, "keys");
        Array values = list(call, "values");
        if (keys.size() != values.size()) {
            throw call.malformed(keys.size() + " keys for " + values.size() + " values");
        }
        Map<Object, Integer> places = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            places.put(key(call, keys, i), i);
        }
        Array fallback = fallback(call, values);
        Array result = Elements.blank(values, array.shape());
        for (int i = 0; i < array.size(); i++) {
            Integer place = places.get(key(call, array, i));
            if (place == null) {
                Elements.copy(fallback, 0, result, i);
            } else {
                Elements.copy(values, place, result, i);
            }
        }
        return Elementwise.one(result);
    }

    private static Object key(Call call, Array array, int i) {
        return switch (array) {
            // Both zeros are one key, and so are all NaNs.
            case Array.Reals reals -> reals.values()[i] + 0.0;
            case Array.Integers integers -> integers.values()[i];
            case Array.Texts texts -> texts.values()[i];
            case Array.Complexes _ -> throw call.malformed("keys are complex");
        };
    }

    /** One of the forms in which keys and values can stand. */
    private static Array list(Call call, String name) {
        Attribute tensor = call.attribute(name + "_tensor");
        if (tensor instanceof Attribute.TensorValue(Tensor value)) {
            return Array.of(value);
        }
        if (tensor instanceof Attribute.TextTensor(TextArray value)) {
            return Array.of(value);
        }
        return call.integers(name + "_int64s")
                .<Array>map(given -> new Array.Integers(
                        DType.INT64,
                        new int[] {given.size()},
                        given.stream().mapToLong(Long::longValue).toArray()))
                .or(() -> call.reals(name + "_floats")
                        .map(given -> new Array.Reals(
                                DType.FLOAT32,
                                new int[] {given.size()},
                                given.stream().mapToDouble(Float::doubleValue).toArray())))
                .or(() -> call.texts(name + "_strings")
                        .map(given -> new Array.Texts(
                                new int[] {given.size()}, given.toArray(String[]::new))))
                .orElseThrow(() -> call.unsupported("version 1, whose classes stand in one list"));
    }

    private static Array fallback(Call call, Array values) {
        Attribute tensor = call.attribute("default_tensor");
        if (tensor instanceof Attribute.TensorValue(Tensor value)) {
            return Array.of(value);
        }
        if (tensor instanceof Attribute.TextTensor(TextArray value)) {
            return Array.of(value);
        }
        return switch (values) {
            case Array.Reals reals -> Array.scalar(reals.dtype(), call.real("default_float", -0.0));
            case Array.Integers integers -> Array.scalar(integers.dtype(), call.integer("default_int64", -1));
            case Array.Texts _ ->
                new Array.Texts(new int[0], new String[] {call.text("default_string", "_Unused")});
            case Array.Complexes _ -> throw call.malformed("values are complex");
        };
    }

    private static List<Datum> extract(Call call) {
        Array array = call.array(0);
        if (array.rank() == 0) {
            throw call.malformed("input 0 is a scalar");
        }
        Array rows = array.rank() == 1 ? Elements.reshaped(array, new int[] {1, array.size()}) : array;
        int axis = rows.rank() - 1;
        int[] places = Arrays.stream(call.longs(1))
                .mapToInt(index -> GatherKernels.place(call, index, rows.shape()[axis]))
                .toArray();
        return Elementwise.one(GatherKernels.gather(call, rows, axis, new int[] {places.length}, places));
    }
}
