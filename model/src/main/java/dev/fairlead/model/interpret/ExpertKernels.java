package dev.fairlead.model.interpret;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** MoE of ONNX Runtime: each token goes through the experts that its router likes best. */
final class ExpertKernels {
    private ExpertKernels() {}

    static void register(Kernels kernels) {
        kernels.add("com.microsoft", "MoE", ExpertKernels::run);
    }

    /** Inputs: input, router_probs, weights and bias of the first layer, of the second, and of a gate, which is refused. */
    private static List<Datum> run(Call call) {
        if (call.has(6) || call.integer("use_sparse_mixer", 0) != 0) {
            throw call.unsupported("gated layers and the sparse mixer");
        }
        DoubleUnaryOperator activation = activation(call);
        Array.Reals x = call.reals(0);
        Array.Reals router = call.reals(1);
        Array.Reals first = call.reals(2);
        Array.Reals second = call.reals(4);
        int experts = router.shape()[1];
        int width = x.shape()[x.rank() - 1];
        int inner = first.shape()[1];
        if (inner != second.shape()[2]) {
            throw call.malformed("layers of " + inner + " and " + second.shape()[2]);
        }
        int chosen = Math.toIntExact(call.integer("k", 1));
        boolean normalizes = call.integer("normalize_routing_weights", 0) == 1;
        double[] shares = ScaledDotProduct.softmax(call, router.values(), experts);
        double[] y = new double[x.size()];
        for (int token = 0; token < x.size() / width; token++) {
            double[] own = Arrays.copyOfRange(shares, token * experts, (token + 1) * experts);
            int[] best = IntStream.range(0, experts)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer expert) -> -own[expert]))
                    .mapToInt(Integer::intValue)
                    .limit(chosen)
                    .toArray();
            double sum = normalizes
                    ? Arrays.stream(best).mapToDouble(expert -> own[expert]).sum()
                    : 1;
            double[] vector = Arrays.copyOfRange(x.values(), token * width, (token + 1) * width);
            for (int expert : best) {
                double[] hidden = layer(call, first, 3, expert, vector);
                double[] result = layer(
                        call,
                        second,
                        5,
                        expert,
                        Arrays.stream(hidden).map(activation).toArray());
                for (int i = 0; i < width; i++) {
                    y[token * width + i] += own[expert] / sum * result[i];
                }
            }
        }
        return List.of(Doubles.datum(x.dtype(), x.shape(), y));
    }

    private static DoubleUnaryOperator activation(Call call) {
        String name = call.text("activation_type", "relu");
        return switch (name) {
            case "relu" -> value -> Math.max(0, value);
            // ONNX Runtime approximates it here.
            case "gelu" -> Functions::geluTanh;
            case "silu" -> value -> value * Functions.sigmoid(value);
            case "identity" -> value -> value;
            default -> throw call.unsupported("activation " + name);
        };
    }

    /** One expert's rows of weights times a vector, and its bias. */
    private static double[] layer(Call call, Array.Reals weights, int bias, int expert, double[] vector) {
        int rows = weights.shape()[1];
        double[] result = new double[rows];
        for (int row = 0; row < rows; row++) {
            int from = (expert * rows + row) * vector.length;
            result[row] = call.sums().dot(weights.values(), from, vector, 0, vector.length)
                    + (call.has(bias) ? call.reals(bias).values()[expert * rows + row] : 0);
        }
        return result;
    }
}
