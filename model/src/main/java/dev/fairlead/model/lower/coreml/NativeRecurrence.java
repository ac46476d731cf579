package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** MIL's own lstm and rnn, run forwards. */
final class NativeRecurrence {
    /** Where MIL's gates, input, forget, output and cell, lie among ONNX': input, output, forget and cell. */
    private static final int[] LSTM_ORDER = {0, 2, 1, 3};

    private NativeRecurrence() {}

    /** Whether MIL's operation can say the layer: weights are constants, and nothing but the usual is asked for. */
    static boolean says(Call call, int gates) {
        boolean constant = gates != 3
                && call.constant(1).isPresent()
                && call.constant(2).isPresent()
                && (!call.has(3) || call.constant(3).isPresent());
        boolean usual = call.texts("activations").stream()
                .allMatch(name -> name.equalsIgnoreCase("Sigmoid") || name.equalsIgnoreCase("Tanh"));
        List<String> names = call.texts("activations");
        for (int i = 0; i < names.size(); i++) {
            boolean gate = gates == 4 && i % 3 == 0;
            usual &= names.get(i).equalsIgnoreCase(gate ? "Sigmoid" : "Tanh");
        }
        return constant && usual && call.real("clip", 0) == 0 && !call.has(7) && !call.isSet("input_forget");
    }

    static Recurrence.Result write(Call call, Var x, List<Var> initial, int direction, int gates, Mil mil) {
        boolean lstm = gates == 4;
        if (x.element() == MilDataType.FLOAT16) {
            mil.out.need(CoremlModel.IOS_17, "a recurrent layer in float16");
        }
        int[] order = lstm ? LSTM_ORDER : new int[] {0};
        Tensor weight = ordered(call.constant(1, "W"), direction, order, x);
        Tensor recurrent = ordered(call.constant(2, "R"), direction, order, x);
        long hidden = recurrent.shape().get(1);
        Map<String, Var> inputs = new TreeMap<>();
        inputs.put("x", x);
        inputs.put("initial_h", initial.getFirst());
        inputs.put("weight_ih", mil.constant(weight, call.node().inputs().get(1)));
        inputs.put("weight_hh", mil.constant(recurrent, call.node().inputs().get(2)));
        inputs.put("direction", mil.text("forward"));
        inputs.put("output_sequence", mil.flag(true));
        inputs.put("activation", mil.text("tanh"));
        if (call.has(3)) {
            inputs.put(
                    "bias",
                    mil.constant(
                            bias(call.constant(3, "B"), direction, order, x),
                            call.node().inputs().get(3)));
        }
        if (lstm) {
            inputs.put("initial_c", initial.getLast());
            inputs.put("recurrent_activation", mil.text("sigmoid"));
            inputs.put("cell_activation", mil.text("tanh"));
        }
        List<Dim> state = List.of(x.shape().get(1), new Dim.Fixed(hidden));
        List<Dim> sequence = List.of(x.shape().get(0), x.shape().get(1), new Dim.Fixed(hidden));
        List<Var> outputs = new ArrayList<>(
                List.of(mil.out.fresh("outputs", x.element(), sequence), mil.out.fresh("last", x.element(), state)));
        if (lstm) {
            outputs.add(mil.out.fresh("cell", x.element(), state));
        }
        mil.out.write(lstm ? "lstm" : "rnn", RecurrentRules.parameters(inputs), outputs, List.of());
        return new Recurrence.Result(outputs.getFirst(), outputs.subList(1, outputs.size()));
    }

    /** One direction's rows with the gates in MIL's order. */
    private static Tensor ordered(Tensor tensor, int direction, int[] order, Var x) {
        long rows = tensor.shape().get(1);
        long columns = tensor.shape().get(2);
        long each = rows / order.length;
        Tensor made = Tensor.allocate(dtype(x), List.of(rows, columns));
        for (long row = 0; row < rows; row++) {
            long from = order[(int) (row / each)] * each + row % each;
            for (long column = 0; column < columns; column++) {
                made.set(row * columns + column, tensor.doubleAt((direction * rows + from) * columns + column));
            }
        }
        return made;
    }

    /** The sum of both biases, which MIL has as one. */
    private static Tensor bias(Tensor tensor, int direction, int[] order, Var x) {
        long gates = tensor.shape().get(1) / 2;
        long each = gates / order.length;
        Tensor made = Tensor.allocate(dtype(x), List.of(gates));
        for (long i = 0; i < gates; i++) {
            long from = 2L * direction * gates + order[(int) (i / each)] * each + i % each;
            made.set(i, tensor.doubleAt(from) + tensor.doubleAt(from + gates));
        }
        return made;
    }

    private static DType dtype(Var x) {
        return x.element().dtype().orElseThrow();
    }
}
