package dev.fairlead.model.interpret;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** What RNN, GRU and LSTM share: the sequences, directions, weights and states of a node. */
final class Recurrence {
    /** One step of one sequence in one direction. */
    interface Cell {
        /** The next states, the hidden one first, from the input and the states before. */
        double[][] next(int direction, double[] x, double[][] states);
    }

    private final Call call;
    private final int gates;
    private final Array.Reals x;
    private final int steps;
    private final int batch;
    private final int hidden;
    private final int directions;
    private final boolean batchFirst;
    private final double[] w;
    private final double[] r;
    private final double[] b;
    private final int inputs;
    private final double clip;

    /** @param gates that W, R and B hold one behind the other */
    Recurrence(Call call, int gates) {
        this.call = call;
        this.gates = gates;
        this.x = call.reals(0);
        this.batchFirst = call.integer("layout", 0) == 1;
        this.steps = x.shape()[batchFirst ? 1 : 0];
        this.batch = x.shape()[batchFirst ? 0 : 1];
        this.inputs = x.shape()[2];
        Array.Reals weights = call.reals(1);
        Array.Reals recurrent = call.reals(2);
        this.w = call.sums().factors(weights.values());
        this.r = call.sums().factors(recurrent.values());
        this.hidden = recurrent.shape()[2];
        this.directions = weights.shape()[0];
        if (directions != (direction().equals("bidirectional") ? 2 : 1)
                || weights.shape()[1] != gates * hidden
                || weights.shape()[2] != inputs
                || recurrent.shape()[1] != gates * hidden) {
            throw call.malformed("weights of " + Arrays.toString(weights.shape()) + " and "
                    + Arrays.toString(recurrent.shape()) + " for " + direction());
        }
        this.b = call.has(3) ? call.reals(3).values() : new double[directions * 2 * gates * hidden];
        this.clip = call.real("clip", Float.POSITIVE_INFINITY);
    }

    int hidden() {
        return hidden;
    }

    private String direction() {
        return call.text("direction", "forward");
    }

    /** The functions of each direction, those of a direction together. */
    List<List<Activation>> activations(List<String> otherwise) {
        List<String> names = call.texts("activations").orElseGet(() -> {
            List<String> all = new ArrayList<>(otherwise);
            all.addAll(directions == 2 ? otherwise : List.of());
            return all;
        });
        if (names.size() != directions * otherwise.size()) {
            throw call.malformed(names.size() + " activations for " + directions + " directions");
        }
        Iterator<Float> alphas =
                call.reals("activation_alpha").orElse(List.of()).iterator();
        Iterator<Float> betas = call.reals("activation_beta").orElse(List.of()).iterator();
        List<Activation> all = names.stream()
                .map(name -> Activation.of(call, name, alphas, betas))
                .toList();
        return directions == 1
                ? List.of(all)
                : List.of(all.subList(0, otherwise.size()), all.subList(otherwise.size(), all.size()));
    }

    /** {@code W x + Wb} of one gate. */
    double[] ofInput(int direction, int gate, double[] input) {
        return linear(w, (direction * gates + gate) * hidden, input, (direction * 2 * gates + gate) * hidden);
    }

    /** {@code R h + Rb} of one gate. */
    double[] ofState(int direction, int gate, double[] state) {
        int bias = (direction * 2 * gates + gates + gate) * hidden;
        return linear(r, (direction * gates + gate) * hidden, state, bias);
    }

    private double[] linear(double[] matrix, int row, double[] vector, int bias) {
        double[] factors = call.sums().factors(vector);
        double[] result = new double[hidden];
        for (int i = 0; i < hidden; i++) {
            int from = (row + i) * vector.length;
            result[i] = call.sums().dot(matrix, from, factors, 0, vector.length) + b[bias + i];
        }
        return result;
    }

    double clipped(double value) {
        return Math.clamp(value, -clip, clip);
    }

    /**
     * Every hidden state, and the last of each kind of state.
     *
     * @param initial inputs that hold the states before the first step
     */
    List<Datum> run(Cell cell, int... initial) {
        double[] y = new double[steps * directions * batch * hidden];
        double[][] last = new double[initial.length][directions * batch * hidden];
        for (int d = 0; d < directions; d++) {
            boolean backward = d == 1 || direction().equals("reverse");
            for (int n = 0; n < batch; n++) {
                int length = call.has(4) ? Math.toIntExact(call.integers(4).values()[n]) : steps;
                double[][] states = new double[initial.length][];
                for (int s = 0; s < initial.length; s++) {
                    states[s] = initial(initial[s], d, n);
                }
                for (int step = 0; step < length; step++) {
                    int time = backward ? length - 1 - step : step;
                    int from = (batchFirst ? n * steps + time : time * batch + n) * inputs;
                    states = cell.next(d, Arrays.copyOfRange(x.values(), from, from + inputs), states);
                    int to = batchFirst ? (n * steps + time) * directions + d : (time * directions + d) * batch + n;
                    System.arraycopy(states[0], 0, y, to * hidden, hidden);
                }
                for (int s = 0; s < initial.length; s++) {
                    System.arraycopy(states[s], 0, last[s], state(d, n), hidden);
                }
            }
        }
        int[] all = batchFirst
                ? new int[] {batch, steps, directions, hidden}
                : new int[] {steps, directions, batch, hidden};
        int[] one = batchFirst ? new int[] {batch, directions, hidden} : new int[] {directions, batch, hidden};
        List<Datum> outputs = new ArrayList<>(List.of(Doubles.datum(x.dtype(), all, y)));
        for (double[] state : last) {
            outputs.add(Doubles.datum(x.dtype(), one, state));
        }
        return outputs;
    }

    private double[] initial(int input, int direction, int n) {
        if (!call.has(input)) {
            return new double[hidden];
        }
        int from = state(direction, n);
        return Arrays.copyOfRange(call.reals(input).values(), from, from + hidden);
    }

    private int state(int direction, int n) {
        return (batchFirst ? n * directions + direction : direction * batch + n) * hidden;
    }
}
