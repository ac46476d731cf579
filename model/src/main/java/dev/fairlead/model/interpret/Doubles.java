package dev.fairlead.model.interpret;

import dev.fairlead.model.onnx.OnnxTypes;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.Arrays;

/** Numbers of any real array as doubles, and doubles as an array of a dtype. */
final class Doubles {
    private Doubles() {}

    /** The memory itself for floating arrays, a copy for integers; integers beyond 2^53 are rounded. */
    static double[] of(Call call, int index) {
        return Numbers.doubles(call, call.array(index));
    }

    static DType dtype(Call call, int index) {
        return switch (call.array(index)) {
            case Array.Reals reals -> reals.dtype();
            case Array.Integers integers -> integers.dtype();
            case Array.Complexes _, Array.Texts _ -> throw call.malformed("input " + index + " holds no real numbers");
        };
    }

    /** Floating dtypes keep the doubles as they are; integers are cut toward zero and then to their width. */
    static Array array(DType dtype, int[] shape, double[] values) {
        return dtype.isFloating()
                ? new Array.Reals(dtype, shape, values)
                : new Array.Integers(
                        dtype,
                        shape,
                        Arrays.stream(values)
                                .mapToLong(value -> Widths.truncated(dtype, value))
                                .toArray());
    }

    static Datum datum(DType dtype, int[] shape, double[] values) {
        return Datum.of(array(dtype, shape, values));
    }

    /** The value of a floating dtype nearest to a double, ties to even. */
    static double rounded(DType dtype, double value) {
        return dtype == DType.FLOAT64 ? value : Tensor.scalar(dtype, value).doubleAt(0);
    }

    /** The dtype of a {@code TensorProto.DataType}. */
    static DType dtype(Call call, String attribute, long otherwise) {
        long code = call.integer(attribute, otherwise);
        return OnnxTypes.parse(Math.toIntExact(code))
                .orElseThrow(() -> call.unsupported("attribute " + attribute + " is data type " + code));
    }

    static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
