package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Recurrent layers. Both formats have the sequence first. In MIL a layer that runs in reverse hands out its steps in the order
 * in which it took them, so the input is reversed for a forward layer; of a bidirectional one both halves lie in the input's order.
 */
final class RecurrentRules {
    private RecurrentRules() {}

    static void register(Rules rules) {
        rules.add("lstm", RecurrentRules::lstm);
        rules.add("gru", RecurrentRules::gru);
        rules.add("rnn", RecurrentRules::rnn);
    }

    /** Gates in MIL's order: input, forget, output, cell; ONNX has input, output, forget, cell. */
    private static void lstm(Invocation call, Emitter out) {
        if (call.has("clip")) {
            // MIL clips the cell's state, ONNX what goes into the activations.
            throw call.unsupported("ONNX does not clip the state of an LSTM's cell");
        }
        boolean both = call.text("direction", "forward").equals("bidirectional");
        List<String> suffixes = both ? List.of("", "_back") : List.of("");
        List<Integer> order = List.of(0, 2, 1, 3);
        DType dtype = call.dtype(call.get("x"));
        String peephole = "";
        if (call.has("peephole")) {
            peephole = gates("peephole", suffixes, List.of(0, 2, 1), call, out);
        }
        List<String> activations = new ArrayList<>();
        suffixes.forEach(suffix -> activations.addAll(List.of(
                call.text("recurrent_activation", "sigmoid"),
                call.text("cell_activation", "tanh"),
                call.text("activation", "tanh"))));
        List<String> made = out.inners(
                "LSTM",
                attributes(activations, hidden(call, 4), both, call),
                3,
                x(call, out),
                gates("weight_ih", suffixes, order, call, out),
                gates("weight_hh", suffixes, order, call, out),
                bias(suffixes, order, dtype, call, out),
                "",
                state("initial_h", suffixes.size(), call, out),
                state("initial_c", suffixes.size(), call, out),
                peephole);
        finish(made, suffixes.size(), call, out);
    }

    /** Gates in MIL's order: reset, output, update; ONNX has update, reset, hidden. The reset gate acts before the product. */
    private static void gru(Invocation call, Emitter out) {
        if (call.flag("reset_after", false) || call.has("input_bias")) {
            throw call.unsupported("what reset_after and input_bias of a GRU do together is not documented");
        }
        List<Integer> order = List.of(2, 0, 1);
        List<String> activations =
                List.of(call.text("recurrent_activation", "sigmoid"), call.text("activation", "tanh"));
        Map<String, Attribute> attributes = attributes(activations, hidden(call, 3), false, call);
        List<String> made = out.inners(
                "GRU",
                Attributes.all(attributes, Attributes.of("linear_before_reset", 0)),
                2,
                x(call, out),
                gates("weight_ih", List.of(""), order, call, out),
                gates("weight_hh", List.of(""), order, call, out),
                bias(List.of(""), order, call.dtype(call.get("x")), call, out),
                "",
                state("initial_h", 1, call, out));
        finish(made, 1, call, out);
    }

    private static void rnn(Invocation call, Emitter out) {
        List<Integer> order = List.of(0);
        List<String> made = out.inners(
                "RNN",
                attributes(List.of(call.text("activation", "tanh")), hidden(call, 1), false, call),
                2,
                x(call, out),
                gates("weight_ih", List.of(""), order, call, out),
                gates("weight_hh", List.of(""), order, call, out),
                bias(List.of(""), order, call.dtype(call.get("x")), call, out),
                "",
                state("initial_h", 1, call, out));
        finish(made, 1, call, out);
    }

    private static long hidden(Invocation call, int gates) {
        return call.size(call.get("weight_hh"), 0)
                        .orElseThrow(() -> call.unsupported("the shape of weight_hh is not known"))
                / gates;
    }

    private static String x(Invocation call, Emitter out) {
        String x = out.of(call.get("x"));
        return call.text("direction", "forward").equals("reverse") ? SliceRules.reversed(x, 0, out) : x;
    }

    private static Map<String, Attribute> attributes(
            List<String> activations, long hidden, boolean both, Invocation call) {
        Map<String, Attribute> attributes = new HashMap<>();
        attributes.put("hidden_size", new Attribute.Int(hidden));
        attributes.put("direction", new Attribute.Text(both ? "bidirectional" : "forward"));
        List<String> names = activations.stream()
                .map(name -> switch (name) {
                    case "sigmoid" -> "Sigmoid";
                    case "tanh" -> "Tanh";
                    case "relu" -> "Relu";
                    case "linear" -> "Affine";
                    case "scaled_tanh" -> "ScaledTanh";
                    case "hard_sigmoid", "sigmoid_hard" -> "HardSigmoid";
                    default -> throw call.unsupported("an activation called " + name);
                })
                .toList();
        attributes.put("activations", new Attribute.Texts(names));
        if (names.stream().anyMatch(name -> !List.of("Sigmoid", "Tanh", "Relu").contains(name))) {
            // MIL's are those of Core ML: linear x, scaled tanh(x), hard sigmoid of 0.2x + 0.5.
            attributes.put(
                    "activation_alpha",
                    new Attribute.Reals(names.stream()
                            .map(name -> name.equals("HardSigmoid") ? 0.2f : 1f)
                            .toList()));
            attributes.put(
                    "activation_beta",
                    new Attribute.Reals(names.stream()
                            .map(name -> name.equals("HardSigmoid") ? 0.5f : name.equals("ScaledTanh") ? 1f : 0f)
                            .toList()));
        }
        return attributes;
    }

    /** A weight with its gates in ONNX' order, one for each direction, stacked. */
    private static String gates(String name, List<String> suffixes, List<Integer> order, Invocation call, Emitter out) {
        List<String> directions = new ArrayList<>();
        for (String suffix : suffixes) {
            String ordered = ordered(out.as(call.get(name + suffix), call.dtype(call.get("x"))), order, out);
            directions.add(out.inner("Unsqueeze", ordered, out.integers(0)));
        }
        return together(directions, 0, out);
    }

    private static String ordered(String value, List<Integer> order, Emitter out) {
        if (order.size() == 1) {
            return value;
        }
        List<String> parts = out.inners(
                "Split",
                Attributes.all(Attributes.of("axis", 0), Attributes.of("num_outputs", order.size())),
                order.size(),
                value);
        return together(order.stream().map(parts::get).toList(), 0, out);
    }

    private static String together(List<String> parts, int axis, Emitter out) {
        return parts.size() == 1
                ? parts.getFirst()
                : out.inner("Concat", Attributes.of("axis", axis), parts.toArray(String[]::new));
    }

    /** MIL has the sum of the two biases that ONNX has; the second one is zero. */
    private static String bias(List<String> suffixes, List<Integer> order, DType dtype, Invocation call, Emitter out) {
        if (suffixes.stream().noneMatch(suffix -> call.has("bias" + suffix))) {
            return "";
        }
        long size = call.size(call.get("weight_hh"), 0).orElseThrow();
        String zeros = out.inner("Expand", out.scalar(dtype, 0), out.integers(size));
        List<String> directions = new ArrayList<>();
        for (String suffix : suffixes) {
            String bias =
                    call.has("bias" + suffix) ? ordered(out.as(call.get("bias" + suffix), dtype), order, out) : zeros;
            directions.add(out.inner("Unsqueeze", together(List.of(bias, zeros), 0, out), out.integers(0)));
        }
        return together(directions, 0, out);
    }

    /** {@code [batch, directions · hidden]} as {@code [directions, batch, hidden]}. */
    private static String state(String name, int directions, Invocation call, Emitter out) {
        String value = out.of(call.get(name));
        if (directions == 1) {
            return out.inner("Unsqueeze", value, out.integers(0));
        }
        String apart = out.inner("Reshape", value, out.integers(0, directions, -1));
        return out.inner("Transpose", Attributes.of("perm", List.of(1, 0, 2)), apart);
    }

    /** {@code [directions, batch, hidden]} as {@code [batch, directions · hidden]}. */
    private static void last(String value, int index, int directions, Invocation call, Emitter out) {
        if (directions == 1) {
            out.result(call.output(index), "Squeeze", Attributes.NONE, value, out.integers(0));
        } else {
            String moved = out.inner("Transpose", Attributes.of("perm", List.of(1, 0, 2)), value);
            out.result(call.output(index), "Reshape", Attributes.NONE, moved, out.integers(0, -1));
        }
    }

    private static void finish(List<String> made, int directions, Invocation call, Emitter out) {
        for (int i = 1; i < made.size(); i++) {
            last(made.get(i), i, directions, call, out);
        }
        if (call.flag("output_sequence", false)) {
            // [steps, directions, batch, hidden] as [steps, batch, directions · hidden]
            String moved = out.inner("Transpose", Attributes.of("perm", List.of(0, 2, 1, 3)), made.getFirst());
            out.result("Reshape", moved, out.integers(0, 0, -1));
        } else {
            String moved = out.inner("Transpose", Attributes.of("perm", List.of(1, 0, 2)), made.get(1));
            String flat = out.inner("Reshape", moved, out.integers(0, -1));
            out.result("Unsqueeze", flat, out.integers(0));
        }
    }
}
