package dev.fairlead.model.interpret;

import java.util.Arrays;
import java.util.List;

/** RotaryEmbedding of ONNX and of ONNX Runtime, which differ in the order of inputs. */
final class RotaryKernels {
    private RotaryKernels() {}

    static void register(Kernels kernels) {
        kernels.add("RotaryEmbedding", RotaryKernels::standard);
        kernels.add("com.microsoft", "RotaryEmbedding", RotaryKernels::microsoft);
    }

    /** The row of the cosines and sines for a place of a sequence. */
    interface Row {
        int of(int batch, int place);
    }

    /** Inputs: X, cos_cache, sin_cache, position_ids; without positions the caches have a row for each place. */
    private static List<Datum> standard(Call call) {
        Heads x = Heads.of(call, 0, Math.toIntExact(call.integer("num_heads", 0)));
        long[] ids = call.has(3) ? call.integers(3).values() : null;
        Row row = (n, place) -> ids == null ? n * x.length() + place : Math.toIntExact(ids[n * x.length() + place]);
        return List.of(rotated(call, x, 1, row));
    }

    /** Inputs: input, position_ids, cos_cache, sin_cache; a single position is that of the first place. */
    private static List<Datum> microsoft(Call call) {
        if (call.integer("is_packed_batching", 0) != 0) {
            throw call.unsupported("packed batching");
        }
        long[] ids = call.integers(1).values();
        boolean offset = call.integers(1).rank() == 1;
        int width = call.reals(2).shape()[1];
        int given = Math.toIntExact(call.integer("num_heads", 0));
        int[] shape = call.array(0).shape();
        // Without a number of heads, the caches are as wide as half a head.
        Heads x = Heads.of(call, 0, given > 0 ? given : shape[shape.length - 1] / (2 * width));
        Row row = (n, place) -> Math.toIntExact(offset ? ids[0] + place : ids[n * x.length() + place]);
        return List.of(rotated(call, x, 2, row));
    }

    private static Datum rotated(Call call, Heads x, int cache, Row row) {
        int given = Math.toIntExact(call.integer("rotary_embedding_dim", 0));
        Heads y = rotate(
                call,
                x,
                call.reals(cache),
                call.reals(cache + 1),
                given == 0 ? x.size() : given,
                call.integer("interleaved", 0) == 1,
                row);
        boolean packed = call.array(0).rank() == 3;
        return packed ? y.packed(call.reals(0).dtype()) : y.datum(call.reals(0).dtype());
    }

    /**
     * Turns pairs of components: neighbours if they are interleaved, else those of the two halves.
     *
     * @param dim components that turn; the others stay
     */
    static Heads rotate(Call call, Heads x, Array.Reals cos, Array.Reals sin, int dim, boolean interleaved, Row row) {
        int half = dim / 2;
        int width = cos.shape()[cos.rank() - 1];
        if (width != half || !Arrays.equals(cos.shape(), sin.shape()) || dim > x.size()) {
            throw call.malformed("caches of " + Arrays.toString(cos.shape()) + " for " + dim + " components");
        }
        double[] y = x.values().clone();
        for (int n = 0; n < x.batch(); n++) {
            for (int head = 0; head < x.heads(); head++) {
                for (int place = 0; place < x.length(); place++) {
                    int at = x.at(n, head, place);
                    int from = row.of(n, place) * width;
                    if (from < 0 || from + width > cos.size()) {
                        throw call.malformed("position " + from / width + " is not in the caches");
                    }
                    for (int i = 0; i < half; i++) {
                        int first = at + (interleaved ? 2 * i : i);
                        int second = at + (interleaved ? 2 * i + 1 : i + half);
                        double c = cos.values()[from + i];
                        double s = sin.values()[from + i];
                        y[first] = c * x.values()[first] - s * x.values()[second];
                        y[second] = s * x.values()[first] + c * x.values()[second];
                    }
                }
            }
        }
        return new Heads(y, x.batch(), x.heads(), x.length(), x.size());
    }
}
