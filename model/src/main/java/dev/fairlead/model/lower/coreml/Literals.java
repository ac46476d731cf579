package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/** Constants that rules bring along, most of them parameters of operations. */
class Literals {
    final Emitter out;

    Literals(Emitter out) {
        this.out = out;
    }

    Var text(String text) {
        return out.text(text);
    }

    Var flag(boolean value) {
        Tensor tensor = Tensor.allocate(DType.BOOL, List.of());
        tensor.set(0, value ? 1L : 0L);
        return out.constant(tensor, "flag_" + value);
    }

    Var flags(boolean... values) {
        Tensor tensor = Tensor.allocate(DType.BOOL, List.of((long) values.length));
        for (int i = 0; i < values.length; i++) {
            tensor.set(i, values[i] ? 1L : 0L);
        }
        return out.constant(tensor, "flags");
    }

    Var integer(long value) {
        return out.constant(integers(List.of(), value), "integer_" + value);
    }

    Var ints(long... values) {
        return out.constant(integers(List.of((long) values.length), values), "integers");
    }

    Var ints(List<? extends Number> values) {
        return ints(values.stream().mapToLong(Number::longValue).toArray());
    }

    /** A scalar of some element type, nearest to a value. */
    Var scalar(MilDataType element, double value) {
        DType dtype = element.dtype().orElseThrow();
        Tensor tensor = Tensor.scalar(dtype, value);
        if (dtype == DType.FLOAT16 && Double.isInfinite(tensor.doubleAt(0)) && Double.isFinite(value)) {
            throw Refusals.unsupported("the constant " + value + " is beyond float16");
        }
        return out.constant(tensor, "constant");
    }

    /** A scalar of the element type of another value. */
    Var like(Var other, double value) {
        return scalar(other.element(), value);
    }

    /** A floating tensor computed here. */
    Var reals(MilDataType element, List<Long> shape, IntToDoubleFunction values) {
        Tensor tensor = Tensor.allocate(element.dtype().orElseThrow(), shape);
        int count = Math.toIntExact(tensor.elements());
        for (int i = 0; i < count; i++) {
            tensor.set(i, values.applyAsDouble(i));
        }
        return out.constant(tensor, "constant");
    }

    /** A constant as MIL can hold it: 64-bit integers must fit 32 bits, narrow ones become int32. */
    Var constant(Tensor tensor, String name) {
        return out.constant(carried(tensor), name);
    }

    Optional<Tensor> content(Var value) {
        return out.content(value);
    }

    /** What a constant holds as MIL carries it; see {@link Carried}. */
    static Tensor carried(Tensor tensor) {
        DType carried = Carried.element(tensor.dtype()).dtype().orElseThrow();
        if (carried == tensor.dtype()) {
            return tensor;
        }
        Tensor made = Tensor.allocate(carried, tensor.shape());
        for (long i = 0; i < tensor.elements(); i++) {
            long value = tensor.longAt(i);
            if (value != (int) value) {
                throw Refusals.unsupported("the constant " + value + " does not fit the int32 that carries "
                        + tensor.dtype().text());
            }
            made.set(i, value);
        }
        return made;
    }

    private static Tensor integers(List<Long> shape, long... values) {
        Tensor tensor = Tensor.allocate(DType.INT32, shape);
        for (int i = 0; i < values.length; i++) {
            if (values[i] != (int) values[i]) {
                throw Refusals.unsupported("the integer " + values[i] + " does not fit int32");
            }
            tensor.set(i, values[i]);
        }
        return tensor;
    }
}
