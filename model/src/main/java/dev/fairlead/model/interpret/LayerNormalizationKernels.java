package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** LayerNormalization and RMSNormalization, with ONNX Runtime's forms that add a residual first. */
final class LayerNormalizationKernels {
    private static final String MICROSOFT = "com.microsoft";

    private LayerNormalizationKernels() {}

    static void register(Kernels kernels) {
        kernels.add("LayerNormalization", call -> plain(call, Form.CENTERED));
        kernels.add("RMSNormalization", call -> plain(call, Form.ROOT_MEAN_SQUARE));
        // ONNX Runtime put this one into ONNX' own domain.
        kernels.add("SimplifiedLayerNormalization", call -> plain(call, Form.ROOT_MEAN_SQUARE));
        kernels.add(MICROSOFT, "SkipLayerNormalization", call -> skip(call, Form.CENTERED));
        kernels.add(MICROSOFT, "SkipSimplifiedLayerNormalization", call -> skip(call, Form.ROOT_MEAN_SQUARE));
    }

    private enum Form {
        CENTERED,
        ROOT_MEAN_SQUARE
    }

    /** Inputs: X, scale, B. */
    private static List<Datum> plain(Call call, Form form) {
        Array.Reals x = call.reals(0);
        int axis = Shapes.axis(call, call.integer("axis", -1), x.rank());
        int[] reduced = x.shape().clone();
        Arrays.fill(reduced, axis, reduced.length, 1);
        DType stash = Doubles.dtype(call, "stash_type", 1);
        List<double[]> results = normalize(call, form, x, axis, 1e-5f, 1, 2);
        DType output = form == Form.CENTERED ? x.dtype() : call.reals(1).dtype();
        List<Datum> outputs = new ArrayList<>(List.of(Doubles.datum(output, x.shape(), results.getFirst())));
        if (form == Form.CENTERED) {
            outputs.add(Doubles.datum(stash, reduced, results.get(1)));
        }
        outputs.add(Doubles.datum(stash, reduced, results.get(2)));
        return outputs;
    }

    /** Inputs: input, skip, gamma, beta (only of the centred form), bias; the sum that is normalised is the fourth output. */
    private static List<Datum> skip(Call call, Form form) {
        Array.Reals input = call.reals(0);
        Array.Reals skip = call.reals(1);
        int bias = form == Form.CENTERED ? 4 : 3;
        double[] sum = input.values().clone();
        int[] from = Position.broadcast(call, skip.shape(), input.shape());
        int hidden = input.shape()[input.rank() - 1];
        for (int i = 0; i < sum.length; i++) {
            sum[i] +=
                    skip.values()[from[i]] + (call.has(bias) ? call.reals(bias).values()[i % hidden] : 0);
        }
        Array.Reals x = new Array.Reals(input.dtype(), input.shape(), sum);
        int[] reduced = input.shape().clone();
        reduced[input.rank() - 1] = 1;
        List<double[]> results = normalize(call, form, x, input.rank() - 1, 1e-12f, 2, form == Form.CENTERED ? 3 : -1);
        return List.of(
                Doubles.datum(input.dtype(), input.shape(), results.get(0)),
                Doubles.datum(DType.FLOAT32, reduced, results.get(1)),
                Doubles.datum(DType.FLOAT32, reduced, results.get(2)),
                Datum.of(x));
    }

    /** The output, the means and the inverse deviations. */
    private static List<double[]> normalize(
            Call call, Form form, Array.Reals x, int axis, float otherwise, int scaleAt, int biasAt) {
        double epsilon = call.real("epsilon", otherwise);
        int length = Array.size(Position.behind(x.shape(), axis));
        Moments moments = Moments.of(call, x.values(), length);
        double[] mean = form == Form.CENTERED ? moments.mean() : new double[moments.mean().length];
        double[] spread = form == Form.CENTERED ? moments.variance() : moments.squares();
        double[] inverse = new double[spread.length];
        Arrays.setAll(inverse, i -> 1 / Math.sqrt(spread[i] + epsilon));
        double[] scale = spread(call, scaleAt, x.shape());
        boolean shifts = biasAt >= 0 && call.has(biasAt);
        double[] bias = shifts ? spread(call, biasAt, x.shape()) : new double[x.size()];
        double[] y = new double[x.size()];
        Arrays.setAll(y, i -> (x.values()[i] - mean[i / length]) * inverse[i / length] * scale[i] + bias[i]);
        return List.of(y, mean, inverse);
    }

    private static double[] spread(Call call, int index, int[] shape) {
        double[] values = call.reals(index).values();
        int[] from = Position.broadcast(call, call.reals(index).shape(), shape);
        return Arrays.stream(from).mapToDouble(i -> values[i]).toArray();
    }
}
