package dev.fairlead.model.interpret;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Operators that make arrays from attributes, sizes or indices. */
final class CreateKernels {
    private CreateKernels() {}

    static void register(Kernels kernels) {
        kernels.add("Constant", CreateKernels::constant);
        kernels.add("ConstantOfShape", CreateKernels::filled);
        kernels.add("Range", CreateKernels::range);
        kernels.add("EyeLike", CreateKernels::eye);
        kernels.add("OneHot", CreateKernels::oneHot);
        kernels.add("NonZero", CreateKernels::nonZero);
    }

    private static List<Datum> constant(Call call) {
        if (call.node().attributes().size() != 1) {
            throw call.malformed("has " + call.node().attributes().size() + " attributes, expected one");
        }
        Attribute attribute = call.node().attributes().firstEntry().getValue();
        return Elementwise.one(
                switch (attribute) {
                    case Attribute.TensorValue(Tensor tensor) -> Array.of(tensor);
                    case Attribute.TextTensor(var texts) -> Array.of(texts);
                    case Attribute.Int(long value) -> Array.scalar(DType.INT64, value);
                    case Attribute.Real(float value) -> Array.scalar(DType.FLOAT32, value);
                    case Attribute.Text(String value) -> new Array.Texts(new int[0], new String[] {value});
                    case Attribute.Ints(var values) ->
                        new Array.Integers(
                                DType.INT64,
                                new int[] {values.size()},
                                values.stream().mapToLong(Long::longValue).toArray());
                    case Attribute.Reals(var values) ->
                        new Array.Reals(
                                DType.FLOAT32,
                                new int[] {values.size()},
                                values.stream().mapToDouble(Float::doubleValue).toArray());
                    case Attribute.Texts(var values) ->
                        new Array.Texts(new int[] {values.size()}, values.toArray(String[]::new));
                    case Attribute.GraphValue _, Attribute.TypeValue _ ->
                        throw call.malformed("its attribute is no value");
                });
    }

    private static List<Datum> filled(Call call) {
        Array value = call.attribute("value") instanceof Attribute.TensorValue(Tensor tensor)
                ? Array.of(tensor)
                : Array.scalar(DType.FLOAT32, 0.0);
        if (value.size() != 1) {
            throw call.malformed("attribute value has " + value.size() + " elements, expected one");
        }
        Array result = Elements.blank(value, Shapes.of(call, call.longs(0)));
        for (int i = 0; i < result.size(); i++) {
            Elements.copy(value, 0, result, i);
        }
        return Elementwise.one(result);
    }

    private static List<Datum> range(Call call) {
        if (call.array(0) instanceof Array.Integers start) {
            long from = call.onlyLong(0);
            long limit = call.onlyLong(1);
            long step = call.onlyLong(2);
            if (step == 0) {
                throw call.malformed("the step is zero");
            }
            long count = Math.max(0, Math.ceilDiv(limit - from, step));
            long[] values = new long[Shapes.of(call, count)[0]];
            Arrays.setAll(values, i -> Widths.wrap(start.dtype(), from + i * step));
            return Elementwise.one(new Array.Integers(start.dtype(), new int[] {values.length}, values));
        }
        double from = call.onlyReal(0);
        double step = call.onlyReal(2);
        double count = Math.max(0, Math.ceil((call.onlyReal(1) - from) / step));
        if (Double.isNaN(count)) {
            throw call.malformed("the number of steps is not a number");
        }
        double[] values = new double[Shapes.of(call, (long) count)[0]];
        Arrays.setAll(values, i -> from + i * step);
        return Elementwise.one(new Array.Reals(call.reals(0).dtype(), new int[] {values.length}, values));
    }

    private static List<Datum> eye(Call call) {
        Array like = call.array(0);
        if (like.rank() != 2) {
            throw call.malformed("input 0 has rank " + like.rank() + ", expected 2");
        }
        Array result = call.attribute("dtype") == null
                ? Elements.blank(like, like.shape())
                : Elements.blank(CastKernels.dtype(call, call.integer("dtype")), like.shape());
        int columns = like.shape()[1];
        long diagonal = call.integer("k", 0);
        for (int row = 0; row < like.shape()[0]; row++) {
            long column = row + diagonal;
            if (column >= 0 && column < columns) {
                int at = row * columns + (int) column;
                switch (result) {
                    case Array.Reals reals -> reals.values()[at] = 1;
                    case Array.Integers integers -> integers.values()[at] = 1;
                    case Array.Complexes complexes -> complexes.values()[2 * at] = 1;
                    case Array.Texts _ -> throw call.malformed("input 0 holds strings");
                }
            }
        }
        return Elementwise.one(result);
    }

    /** Indices outside the depth give no hot element. */
    private static List<Datum> oneHot(Call call) {
        Array indices = call.array(0);
        double[] places = Numbers.doubles(call, indices);
        int depth = Shapes.of(call, (long) call.onlyReal(1))[0];
        Array values = call.array(2);
        int rank = indices.rank() + 1;
        int axis = Shapes.axis(call, call.integer("axis", -1), rank);
        int[] before = Arrays.copyOf(indices.shape(), axis);
        int[] after = Arrays.copyOfRange(indices.shape(), axis, indices.rank());
        int[] shape = Shapes.concat(Shapes.concat(before, depth), after);
        int block = Array.size(after);
        int[] from = new int[Array.size(shape)];
        for (int i = 0; i < from.length; i++) {
            int at = i / block % depth;
            double place = (long) places[i / block / depth * block + i % block];
            from[i] = (place < 0 ? place + depth : place) == at ? 1 : 0;
        }
        return Elementwise.one(Elements.pick(values, shape, from));
    }

    private static List<Datum> nonZero(Call call) {
        Array array = call.array(0);
        int[] hits = Arrays.stream(Shapes.all(array.size()))
                .filter(i -> isNonZero(array, i))
                .toArray();
        int[] strides = Shapes.strides(array.shape());
        long[] places = new long[array.rank() * hits.length];
        for (int axis = 0; axis < array.rank(); axis++) {
            for (int i = 0; i < hits.length; i++) {
                places[axis * hits.length + i] = hits[i] / strides[axis] % array.shape()[axis];
            }
        }
        return Elementwise.one(new Array.Integers(DType.INT64, new int[] {array.rank(), hits.length}, places));
    }

    private static boolean isNonZero(Array array, int i) {
        return switch (array) {
            case Array.Reals reals -> reals.values()[i] != 0;
            case Array.Integers integers -> integers.values()[i] != 0;
            case Array.Complexes complexes ->
                complexes.values()[2 * i] != 0 || complexes.values()[2 * i + 1] != 0;
            case Array.Texts texts -> !texts.values()[i].isEmpty();
        };
    }
}
