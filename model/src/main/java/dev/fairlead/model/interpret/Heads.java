package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;

/**
 * Vectors of attention: {@code values[batch][head][place][component]}.
 *
 * @param length places of the sequence
 * @param size components of a vector
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Heads(double[] values, int batch, int heads, int length, int size) {
    /** From an array of rank 4 in this order, or of rank 3 with the heads side by side in its last axis. */
    static Heads of(Call call, int index, int heads) {
        Array.Reals array = call.reals(index);
        int[] shape = array.shape();
        if (shape.length == 4) {
            return new Heads(array.values(), shape[0], shape[1], shape[2], shape[3]);
        }
        if (shape.length != 3 || heads < 1 || shape[2] % heads != 0) {
            throw call.malformed("input " + index + " of " + Arrays.toString(shape) + " for " + heads + " heads");
        }
        return packed(array.values(), shape[0], shape[1], heads, shape[2] / heads);
    }

    /** From {@code values[batch][place][head][component]}. */
    static Heads packed(double[] values, int batch, int length, int heads, int size) {
        return new Heads(swapped(values, batch, length, heads, size), batch, heads, length, size);
    }

    /** {@code [batch][place][head * component]}. */
    double[] packed() {
        return swapped(values, batch, heads, length, size);
    }

    private static double[] swapped(double[] values, int batch, int outer, int inner, int size) {
        double[] swapped = new double[values.length];
        for (int n = 0; n < batch; n++) {
            for (int i = 0; i < outer; i++) {
                for (int j = 0; j < inner; j++) {
                    int from = ((n * outer + i) * inner + j) * size;
                    int to = ((n * inner + j) * outer + i) * size;
                    System.arraycopy(values, from, swapped, to, size);
                }
            }
        }
        return swapped;
    }

    /** These places behind those of {@code past}. */
    Heads after(Heads past) {
        int total = past.length + length;
        double[] joined = new double[batch * heads * total * size];
        for (int row = 0; row < batch * heads; row++) {
            System.arraycopy(past.values, row * past.length * size, joined, row * total * size, past.length * size);
            System.arraycopy(values, row * length * size, joined, (row * total + past.length) * size, length * size);
        }
        return new Heads(joined, batch, heads, total, size);
    }

    /** Some of the heads. */
    Heads part(int first, int end) {
        int count = end - first;
        double[] some = new double[batch * count * length * size];
        for (int n = 0; n < batch; n++) {
            System.arraycopy(values, at(n, first, 0), some, n * count * length * size, count * length * size);
        }
        return new Heads(some, batch, count, length, size);
    }

    int at(int n, int head, int place) {
        return ((n * heads + head) * length + place) * size;
    }

    Datum datum(DType dtype) {
        return Doubles.datum(dtype, new int[] {batch, heads, length, size}, values);
    }

    Datum packed(DType dtype) {
        return Doubles.datum(dtype, new int[] {batch, length, heads * size}, packed());
    }
}
