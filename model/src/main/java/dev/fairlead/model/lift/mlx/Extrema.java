package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * The larger or smaller of numbers. ONNX Runtime 1.29's Max, Min, ReduceMax and ReduceMin of int64 take numbers from 2³¹ to 2³² for
 * negative ones (measured on vectors, on a CPU); its comparisons, ArgMax and ArgMin do not, so 64 bits go by these.
 */
enum Extrema {
    MAX("Max", "Greater", "ArgMax"),
    MIN("Min", "Less", "ArgMin");

    private final String operator;
    private final String comparison;
    private final String position;

    Extrema(String operator, String comparison, String position) {
        this.operator = operator;
        this.comparison = comparison;
        this.position = position;
    }

    String comparison() {
        return comparison;
    }

    /** Of two numbers. */
    String of(String a, String b, DType dtype, Emitter out) {
        DType wide = dtype == DType.UINT32 ? dtype : Widths.ofComparing(dtype);
        String left = out.cast(a, dtype, wide);
        String right = out.cast(b, dtype, wide);
        String chosen = wide == DType.INT64
                ? out.inner("Where", out.inner(comparison, left, right), left, right)
                : out.inner(operator, left, right);
        return out.cast(chosen, wide, dtype);
    }

    /** Of the integers along axes, which are kept. */
    String along(String x, List<Long> axes, DType dtype, Emitter out) {
        if (dtype == DType.INT64) {
            String value = x;
            for (long axis : axes) {
                Map<String, Attribute> where =
                        Map.of("axis", new Attribute.Int(axis), "keepdims", new Attribute.Int(1));
                String index = out.inner(position, where, value);
                value = out.inner("GatherElements", Attributes.of("axis", axis), value, index);
            }
            return value;
        }
        Map<String, Attribute> keep = Attributes.of("keepdims", 1);
        if (dtype == DType.UINT32) {
            // With the top bit turned, the order is that of int32.
            Tensor top = Tensor.allocate(DType.UINT32, List.of());
            top.set(0, 1L << 31);
            String turn = out.constant(top);
            String signed = out.cast(out.inner("BitwiseXor", x, turn), DType.UINT32, DType.INT32);
            String extreme = out.inner("Reduce" + operator, keep, signed, out.integers(axes));
            return out.inner("BitwiseXor", out.cast(extreme, DType.INT32, DType.UINT32), turn);
        }
        DType wide = Widths.ofComparing(dtype);
        String extreme = out.inner("Reduce" + operator, keep, out.cast(x, dtype, wide), out.integers(axes));
        return out.cast(extreme, wide, dtype);
    }
}
