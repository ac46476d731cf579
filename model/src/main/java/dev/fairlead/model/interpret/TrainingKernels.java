package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Dropout, the optimisers of ONNX' training preview, and the random operators, which are refused. */
final class TrainingKernels {
    private static final String PREVIEW = "ai.onnx.preview.training";

    private TrainingKernels() {}

    static void register(Kernels kernels) {
        kernels.add("Dropout", TrainingKernels::dropout);
        kernels.add(PREVIEW, "Adagrad", call -> optimize(call, 1, TrainingKernels::adagrad));
        kernels.add(PREVIEW, "Adam", call -> optimize(call, 2, TrainingKernels::adam));
        kernels.add(PREVIEW, "Momentum", call -> optimize(call, 1, TrainingKernels::momentum));
        kernels.add(PREVIEW, "Gradient", call -> {
            throw call.unsupported("gradients are not computed");
        });
        for (String op : List.of(
                "Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike")) {
            kernels.add(op, call -> {
                throw call.unsupported("random numbers differ by implementation");
            });
        }
    }

    private static List<Datum> dropout(Call call) {
        Array.Reals x = call.reals(0);
        // Before version 12 the ratio was an attribute, before 7 training was the default.
        boolean training = call.opset() < 7
                ? call.integer("is_test", 0) == 0
                : call.opset() >= 12 && call.has(2) && call.integers(2).values()[0] != 0;
        double ratio = call.opset() < 12
                ? call.real("ratio", 0.5)
                : call.has(1) ? call.reals(1).values()[0] : 0.5;
        if (training && ratio != 0) {
            throw call.unsupported("random numbers differ by implementation");
        }
        long[] mask = new long[x.size()];
        Arrays.fill(mask, 1);
        // The mask had the data's type before version 10.
        Array kept = call.opset() < 10
                ? Doubles.array(
                        x.dtype(),
                        x.shape(),
                        Arrays.stream(mask).asDoubleStream().toArray())
                : new Array.Integers(DType.BOOL, x.shape(), mask);
        return List.of(Datum.of(x), Datum.of(kept));
    }

    private interface Optimizer {
        /** Changes {@code x} and the states of one tensor in place. */
        void step(Call call, double rate, long count, double[] x, double[] gradient, double[][] states);
    }

    /** Inputs: R, T, then all tensors, all their gradients, and all of each kind of state; without gradients so are the outputs. */
    private static List<Datum> optimize(Call call, int states, Optimizer optimizer) {
        double rate = call.reals(0).values()[0];
        long count = call.integers(1).values()[0];
        int tensors = (call.inputs() - 2) / (2 + states);
        List<List<Datum>> results = new ArrayList<>();
        for (int kind = 0; kind <= states; kind++) {
            results.add(new ArrayList<>());
        }
        for (int i = 0; i < tensors; i++) {
            Array.Reals x = call.reals(2 + i);
            double[] moved = x.values().clone();
            double[][] state = new double[states][];
            for (int kind = 0; kind < states; kind++) {
                state[kind] = call.reals(2 + (2 + kind) * tensors + i).values().clone();
            }
            optimizer.step(call, rate, count, moved, call.reals(2 + tensors + i).values(), state);
            results.get(0).add(Doubles.datum(x.dtype(), x.shape(), moved));
            for (int kind = 0; kind < states; kind++) {
                results.get(kind + 1).add(Doubles.datum(x.dtype(), x.shape(), state[kind]));
            }
        }
        return results.stream().flatMap(List::stream).toList();
    }

    private static void adagrad(Call call, double rate, long count, double[] x, double[] gradient, double[][] states) {
        double norm = call.real("norm_coefficient", 0);
        double epsilon = call.real("epsilon", 1e-6f);
        double decayed = rate / (1 + count * call.real("decay_factor", 0));
        double[] squares = states[0];
        for (int i = 0; i < x.length; i++) {
            double regularized = norm * x[i] + gradient[i];
            squares[i] += regularized * regularized;
            x[i] -= decayed * regularized / (Math.sqrt(squares[i]) + epsilon);
        }
    }

    private static void adam(Call call, double rate, long count, double[] x, double[] gradient, double[][] states) {
        double alpha = call.real("alpha", 0.9f);
        double beta = call.real("beta", 0.999f);
        double norm = call.real("norm_coefficient", 0);
        double after = call.real("norm_coefficient_post", 0);
        double epsilon = call.real("epsilon", 1e-6f);
        double t = (double) count;
        double adjusted =
                count > 0 ? rate * Math.sqrt(1 - StrictMath.pow(beta, t)) / (1 - StrictMath.pow(alpha, t)) : rate;
        double[] average = states[0];
        double[] squares = states[1];
        for (int i = 0; i < x.length; i++) {
            double regularized = norm * x[i] + gradient[i];
            average[i] = alpha * average[i] + (1 - alpha) * regularized;
            squares[i] = beta * squares[i] + (1 - beta) * regularized * regularized;
            x[i] = (1 - after) * (x[i] - adjusted * average[i] / (Math.sqrt(squares[i]) + epsilon));
        }
    }

    private static void momentum(Call call, double rate, long count, double[] x, double[] gradient, double[][] states) {
        double alpha = call.real("alpha", 0);
        double beta = count > 0 ? call.real("beta", 0) : 1;
        double norm = call.real("norm_coefficient", 0);
        boolean nesterov = call.text("mode", "standard").equals("nesterov");
        double[] velocity = states[0];
        for (int i = 0; i < x.length; i++) {
            double regularized = norm * x[i] + gradient[i];
            velocity[i] = alpha * velocity[i] + beta * regularized;
            x[i] -= rate * (nesterov ? regularized + alpha * velocity[i] : velocity[i]);
        }
    }
}
