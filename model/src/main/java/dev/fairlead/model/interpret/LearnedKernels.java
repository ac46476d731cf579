package dev.fairlead.model.interpret;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** The operators of {@code ai.onnx.ml} that are not trees. */
final class LearnedKernels {
    private static final String DOMAIN = "ai.onnx.ml";

    private LearnedKernels() {}

    static void register(Kernels kernels) {
        kernels.add(DOMAIN, "ArrayFeatureExtractor", LearnedKernels::extract);
        kernels.add(DOMAIN, "Binarizer", LearnedKernels::binarize);
        kernels.add(DOMAIN, "LabelEncoder", LearnedKernels::encode);
    }

    private static List<Datum> extract(Call call) {
        Array x = call.array(0);
        long[] wanted = call.integers(1).values();
        int[] shape = x.rank() == 1 ? new int[] {1, x.shape()[0]} : x.shape().clone();
        int width = shape[shape.length - 1];
        int rows = Array.size(shape) / Math.max(width, 1);
        int[] from = new int[rows * wanted.length];
        Arrays.setAll(from, i -> i / wanted.length * width + Math.toIntExact(wanted[i % wanted.length]));
        shape[shape.length - 1] = wanted.length;
        return List.of(Datum.of(Elements.pick(x, shape, from)));
    }

    private static List<Datum> binarize(Call call) {
        double threshold = call.real("threshold", 0);
        double[] y = Arrays.stream(Doubles.of(call, 0))
                .map(value -> value > threshold ? 1 : 0)
                .toArray();
        return List.of(Doubles.datum(Doubles.dtype(call, 0), call.array(0).shape(), y));
    }

    /** A repeated key stands for its last value, and NaN is equal to NaN, as boxed numbers have it. */
    private static List<Datum> encode(Call call) {
        Array keys = list(call, "keys").orElseThrow(() -> call.malformed("attribute keys_* is missing"));
        Array values = list(call, "values").orElseThrow(() -> call.malformed("attribute values_* is missing"));
        if (keys.size() != values.size()) {
            throw call.malformed(keys.size() + " keys for " + values.size() + " values");
        }
        Map<Object, Integer> places = new HashMap<>();
        IntFunction<Object> key = boxed(call, keys);
        for (int i = 0; i < keys.size(); i++) {
            places.put(key.apply(i), i);
        }
        // The default stands behind the values.
        Array all = joined(call, values);
        Array x = call.array(0);
        IntFunction<Object> element = boxed(call, x);
        int[] from = new int[x.size()];
        Arrays.setAll(from, i -> places.getOrDefault(element.apply(i), values.size()));
        return List.of(Datum.of(Elements.pick(all, x.shape(), from)));
    }

    private static IntFunction<Object> boxed(Call call, Array array) {
        return switch (array) {
            // Adding 0 makes a negative zero equal to zero.
            case Array.Reals reals -> i -> reals.values()[i] + 0.0;
            case Array.Integers integers -> i -> integers.values()[i];
            case Array.Texts texts -> i -> texts.values()[i];
            case Array.Complexes _ -> throw call.malformed("complex keys");
        };
    }

    private static Optional<Array> list(Call call, String name) {
        Attribute tensor = call.attribute(name + "_tensor");
        if (tensor != null) {
            return Optional.of(array(call, tensor));
        }
        Optional<Array> texts = call.texts(name + "_strings")
                .map(list -> new Array.Texts(new int[] {list.size()}, list.toArray(String[]::new)));
        Optional<Array> integers = call.integers(name + "_int64s")
                .map(list -> new Array.Integers(
                        DType.INT64,
                        new int[] {list.size()},
                        list.stream().mapToLong(Long::longValue).toArray()));
        Optional<Array> reals = call.reals(name + "_floats")
                .map(list -> new Array.Reals(
                        DType.FLOAT32,
                        new int[] {list.size()},
                        list.stream().mapToDouble(Float::doubleValue).toArray()));
        return texts.or(() -> integers).or(() -> reals);
    }

    private static Array array(Call call, Attribute attribute) {
        return switch (attribute) {
            case Attribute.TensorValue(var tensor) -> Array.of(tensor);
            case Attribute.TextTensor(var texts) -> Array.of(texts);
            case Attribute.Int _, Attribute.Real _, Attribute.Text _, Attribute.GraphValue _ -> throw kind(call);
            case Attribute.TypeValue _, Attribute.Ints _, Attribute.Reals _, Attribute.Texts _ -> throw kind(call);
        };
    }

    private static RuntimeException kind(Call call) {
        return call.malformed("a list is no tensor");
    }

    private static Array joined(Call call, Array values) {
        Attribute given = call.attribute("default_tensor");
        Optional<Array> otherwise = given == null ? Optional.empty() : Optional.of(array(call, given));
        int[] shape = {values.size() + 1};
        return switch (values) {
            case Array.Reals reals -> {
                double[] all = Arrays.copyOf(reals.values(), shape[0]);
                all[shape[0] - 1] = otherwise.isPresent() && otherwise.get() instanceof Array.Reals array
                        ? array.values()[0]
                        : call.real("default_float", -0.0);
                yield new Array.Reals(reals.dtype(), shape, all);
            }
            case Array.Integers integers -> {
                long[] all = Arrays.copyOf(integers.values(), shape[0]);
                all[shape[0] - 1] = otherwise.isPresent() && otherwise.get() instanceof Array.Integers array
                        ? array.values()[0]
                        : call.integer("default_int64", -1);
                yield new Array.Integers(integers.dtype(), shape, all);
            }
            case Array.Texts texts -> {
                String[] all = Arrays.copyOf(texts.values(), shape[0]);
                all[shape[0] - 1] = otherwise.isPresent() && otherwise.get() instanceof Array.Texts array
                        ? array.values()[0]
                        : call.text("default_string", "_Unused");
                yield new Array.Texts(shape, all);
            }
            case Array.Complexes _ -> throw call.malformed("complex values");
        };
    }
}
