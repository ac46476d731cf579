package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sorting and what follows from it. */
final class OrderKernels {
    private OrderKernels() {}

    static void register(Kernels kernels) {
        kernels.add("TopK", OrderKernels::topK);
        kernels.add("Unique", OrderKernels::unique);
    }

    /** Of equal elements the one with the lower index comes first. */
    private static List<Datum> topK(Call call) {
        Array array = call.array(0);
        int axis = Shapes.axis(call, call.integer("axis", -1), array.rank());
        long wanted = call.opset() < 10 ? call.integer("k") : call.onlyLong(1);
        boolean largest = call.integer("largest", 1) != 0;
        int size = array.shape()[axis];
        if (wanted < 0 || wanted > size) {
            throw call.malformed("k is " + wanted + " for an axis of size " + size);
        }
        int k = (int) wanted;
        int[] shape = Shapes.with(array.shape(), axis, k);
        Reduction lines = Reduction.over(array.shape(), new int[] {axis}, true);
        int[] targets = Shapes.indices(lines.kept(), Shapes.strides(shape), 0);
        int stride = Shapes.strides(shape)[axis];
        Array values = Elements.blank(array, shape);
        long[] places = new long[Array.size(shape)];
        for (int line = 0; line < lines.outer().length; line++) {
            int start = lines.outer()[line];
            List<Integer> order =
                    new ArrayList<>(Arrays.stream(Shapes.all(size)).boxed().toList());
            order.sort((a, b) ->
                    -ReduceKernels.compare(call, array, start + lines.inner()[a], start + lines.inner()[b], largest));
            for (int i = 0; i < k; i++) {
                int target = targets[line] + i * stride;
                Elements.copy(array, start + lines.inner()[order.get(i)], values, target);
                places[target] = order.get(i);
            }
        }
        return List.of(Datum.of(values), Datum.of(new Array.Integers(DType.INT64, shape, places)));
    }

    private static List<Datum> unique(Call call) {
        Array given = call.array(0);
        boolean isFlat = call.attribute("axis") == null;
        Array array = isFlat ? Elements.reshaped(given, new int[] {given.size()}) : given;
        int axis = isFlat ? 0 : Shapes.axis(call, call.integer("axis"), array.rank());
        int size = array.shape()[axis];
        // What is compared: the slice at each place of the axis.
        int[] strides = Shapes.strides(array.shape());
        int[] inside = Shapes.indices(Shapes.with(array.shape(), axis, 1), strides, 0);
        Map<List<Object>, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            List<Object> slice = new ArrayList<>();
            for (int offset : inside) {
                slice.add(key(call, array, offset + i * strides[axis]));
            }
            groups.computeIfAbsent(slice, _ -> new ArrayList<>()).add(i);
        }
        List<Map.Entry<List<Object>, List<Integer>>> order = new ArrayList<>(groups.entrySet());
        if (call.integer("sorted", 1) != 0) {
            order.sort(Map.Entry.comparingByKey(OrderKernels::compare));
        }
        int[] first = new int[order.size()];
        long[] inverse = new long[size];
        long[] counts = new long[order.size()];
        for (int i = 0; i < first.length; i++) {
            List<Integer> members = order.get(i).getValue();
            first[i] = members.getFirst();
            counts[i] = members.size();
            for (int member : members) {
                inverse[member] = i;
            }
        }
        long[] indices = Arrays.stream(first).asLongStream().toArray();
        return List.of(
                Datum.of(GatherKernels.gather(call, array, axis, new int[] {first.length}, first)),
                Datum.of(new Array.Integers(DType.INT64, new int[] {indices.length}, indices)),
                Datum.of(new Array.Integers(DType.INT64, new int[] {size}, inverse)),
                Datum.of(new Array.Integers(DType.INT64, new int[] {counts.length}, counts)));
    }

    private static Object key(Call call, Array array, int i) {
        return switch (array) {
            // Both zeros are one number.
            case Array.Reals reals -> reals.values()[i] + 0.0;
            case Array.Integers integers ->
                integers.dtype() == DType.UINT64 ? integers.values()[i] ^ Long.MIN_VALUE : integers.values()[i];
            case Array.Texts texts -> texts.values()[i];
            case Array.Complexes _ -> throw call.unsupported("complex numbers have no order");
        };
    }

    private static int compare(List<Object> first, List<Object> second) {
        for (int i = 0; i < first.size(); i++) {
            int order = COMPARATOR.compare(first.get(i), second.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static final Comparator<Object> COMPARATOR = (first, second) -> switch (first) {
        case Double a when second instanceof Double b -> a.compareTo(b);
        case Long a when second instanceof Long b -> a.compareTo(b);
        case String a when second instanceof String b -> a.compareTo(b);
        default -> throw new IllegalArgumentException("first: is of another kind than second");
    };
}
