package dev.fairlead.model.interpret;

import java.util.List;

/** RNN, GRU and LSTM. */
final class RecurrentKernels {
    private RecurrentKernels() {}

    static void register(Kernels kernels) {
        kernels.add("RNN", RecurrentKernels::rnn);
        kernels.add("GRU", RecurrentKernels::gru);
        kernels.add("LSTM", RecurrentKernels::lstm);
    }

    private static List<Datum> rnn(Call call) {
        Recurrence recurrence = new Recurrence(call, 1);
        List<List<Activation>> functions = recurrence.activations(List.of("Tanh"));
        return recurrence.run(
                (d, x, states) -> {
                    Activation f = functions.get(d).getFirst();
                    double[] fromInput = recurrence.ofInput(d, 0, x);
                    double[] fromState = recurrence.ofState(d, 0, states[0]);
                    double[] next = new double[recurrence.hidden()];
                    for (int i = 0; i < next.length; i++) {
                        next[i] = f.of(recurrence.clipped(fromInput[i] + fromState[i]));
                    }
                    return new double[][] {next};
                },
                5);
    }

    /** Gates z, r, h. */
    private static List<Datum> gru(Call call) {
        Recurrence recurrence = new Recurrence(call, 3);
        List<List<Activation>> functions = recurrence.activations(List.of("Sigmoid", "Tanh"));
        boolean linear = call.integer("linear_before_reset", 0) != 0;
        return recurrence.run(
                (d, x, states) -> {
                    Activation f = functions.get(d).getFirst();
                    double[] before = states[0];
                    double[] z = gate(recurrence, f, d, 0, x, before);
                    double[] r = gate(recurrence, f, d, 1, x, before);
                    double[] fromInput = recurrence.ofInput(d, 2, x);
                    double[] fromState = recurrence.ofState(d, 2, linear ? before : product(r, before));
                    double[] next = new double[z.length];
                    for (int i = 0; i < next.length; i++) {
                        double sum = fromInput[i] + (linear ? r[i] * fromState[i] : fromState[i]);
                        double candidate = functions.get(d).getLast().of(recurrence.clipped(sum));
                        next[i] = (1 - z[i]) * candidate + z[i] * before[i];
                    }
                    return new double[][] {next};
                },
                5);
    }

    private static double[] gate(Recurrence recurrence, Activation f, int d, int gate, double[] x, double[] before) {
        double[] sum = recurrence.ofInput(d, gate, x);
        double[] fromState = recurrence.ofState(d, gate, before);
        for (int i = 0; i < sum.length; i++) {
            sum[i] = f.of(recurrence.clipped(sum[i] + fromState[i]));
        }
        return sum;
    }

    private static double[] product(double[] a, double[] b) {
        double[] product = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            product[i] = a[i] * b[i];
        }
        return product;
    }

    /** Gates i, o, f, c; the peepholes are those of i, o, f. */
    private static List<Datum> lstm(Call call) {
        Recurrence recurrence = new Recurrence(call, 4);
        List<List<Activation>> functions = recurrence.activations(List.of("Sigmoid", "Tanh", "Tanh"));
        int hidden = recurrence.hidden();
        double[] peepholes = call.has(7) ? call.reals(7).values() : new double[2 * 3 * hidden];
        boolean coupled = call.integer("input_forget", 0) != 0;
        return recurrence.run(
                (d, x, states) -> {
                    double[][] fromInput = new double[4][];
                    double[][] fromState = new double[4][];
                    for (int gate = 0; gate < 4; gate++) {
                        fromInput[gate] = recurrence.ofInput(d, gate, x);
                        fromState[gate] = recurrence.ofState(d, gate, states[0]);
                    }
                    Activation f = functions.get(d).getFirst();
                    Activation g = functions.get(d).get(1);
                    Activation h = functions.get(d).getLast();
                    double[] before = states[1];
                    double[] next = new double[hidden];
                    double[] cell = new double[hidden];
                    for (int i = 0; i < hidden; i++) {
                        int peephole = d * 3 * hidden + i;
                        double input = f.of(recurrence.clipped(
                                fromInput[0][i] + fromState[0][i] + peepholes[peephole] * before[i]));
                        double forget = coupled
                                ? 1 - input
                                : f.of(recurrence.clipped(fromInput[2][i]
                                        + fromState[2][i]
                                        + peepholes[peephole + 2 * hidden] * before[i]));
                        double candidate = g.of(recurrence.clipped(fromInput[3][i] + fromState[3][i]));
                        cell[i] = forget * before[i] + input * candidate;
                        double output = f.of(recurrence.clipped(
                                fromInput[1][i] + fromState[1][i] + peepholes[peephole + hidden] * cell[i]));
                        next[i] = output * h.of(cell[i]);
                    }
                    return new double[][] {next, cell};
                },
                5,
                6);
    }
}
