package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.graph.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Recurrent layers. Each direction is run forwards, over a reversed input where it runs backwards; MIL's own lstm and rnn are used where
 * weights are constants and nothing is said that they do not know. MIL's pages leave open what its gru does, so it is written out.
 */
final class RecurrentRules {
    private RecurrentRules() {}

    static void register(Rules rules) {
        rules.add("LSTM", (call, mil) -> lower(call, 4, mil));
        rules.add("GRU", (call, mil) -> lower(call, 3, mil));
        rules.add("RNN", (call, mil) -> lower(call, 1, mil));
    }

    /** What a direction is made of; gates in ONNX' order. */
    private record Direction(Var x, Var weight, Var recurrent, Optional<Var> bias, List<Var> initial, int index) {}

    private static void lower(Call call, int gates, Mil mil) {
        boolean batchFirst = call.isSet("layout");
        Var x = batchFirst ? mil.transpose(call.in(0), 1, 0, 2) : call.in(0);
        String direction = call.text("direction", "forward");
        int directions = direction.equals("bidirectional") ? 2 : 1;
        Optional<Var> lengths = lengths(call, x);
        List<Recurrence.Result> results = new ArrayList<>();
        for (int d = 0; d < directions; d++) {
            boolean backwards = direction.equals("reverse") || d == 1;
            Var given = backwards ? reversed(x, lengths, mil) : x;
            Recurrence.Result result =
                    run(call, direction(call, given, gates, d, batchFirst, mil), gates, lengths, mil);
            results.add(
                    backwards
                            ? new Recurrence.Result(reversed(result.outputs(), lengths, mil), result.states())
                            : result);
        }
        int batchAxis = batchFirst ? 0 : 1;
        Var outputs = mil.stack(results.stream().map(Recurrence.Result::outputs).toList(), 1);
        call.result(0, batchFirst ? mil.transpose(outputs, 2, 0, 1, 3) : outputs, call.declared(0));
        for (int i = 0; i < results.getFirst().states().size(); i++) {
            int state = i;
            Var last = mil.stack(
                    results.stream().map(result -> result.states().get(state)).toList(), batchAxis == 0 ? 1 : 0);
            call.result(i + 1, last, call.declared(0));
        }
    }

    /** The lengths where they differ from the whole. */
    private static Optional<Var> lengths(Call call, Var x) {
        if (!call.has(4)) {
            return Optional.empty();
        }
        boolean whole = call.constant(4)
                .map(tensor -> IntStream.range(0, Math.toIntExact(tensor.elements()))
                        .allMatch(i -> tensor.longAt(i) == x.size(0)))
                .orElse(false);
        return whole ? Optional.empty() : Optional.of(call.in(4));
    }

    private static Var reversed(Var x, Optional<Var> lengths, Mil mil) {
        return lengths.map(given -> mil.out.write(
                        "reverse_sequence",
                        Map.of("x", x, "lengths", given, "seq_axis", mil.integer(0), "batch_axis", mil.integer(1)),
                        x.element(),
                        x.shape()))
                .orElseGet(() -> mil.reverse(x, 0));
    }

    private static Direction direction(Call call, Var x, int gates, int d, boolean batchFirst, Mil mil) {
        Var recurrent = mil.at(call.in(2), 0, d);
        long hidden = recurrent.size(1);
        List<Var> initial = new ArrayList<>();
        int states = gates == 4 ? 2 : 1;
        for (int i = 0; i < states; i++) {
            initial.add(
                    call.has(5 + i)
                            ? mil.at(call.in(5 + i), batchFirst ? 1 : 0, d)
                            : mil.filled(x.element(), 0, List.of(x.shape().get(1), new Dim.Fixed(hidden))));
        }
        return new Direction(
                x, mil.at(call.in(1), 0, d), recurrent, call.optional(3).map(bias -> mil.at(bias, 0, d)), initial, d);
    }

    private static Recurrence.Result run(Call call, Direction direction, int gates, Optional<Var> lengths, Mil mil) {
        if (lengths.isEmpty() && NativeRecurrence.says(call, gates)) {
            return NativeRecurrence.write(call, direction.x(), direction.initial(), direction.index(), gates, mil);
        }
        Recurrence recurrence = new Recurrence(mil, direction.x().size(0), lengths);
        return switch (gates) {
            case 4 -> lstm(call, direction, recurrence, mil);
            case 3 -> gru(call, direction, recurrence, mil);
            default -> rnn(call, direction, recurrence, mil);
        };
    }

    /** What all steps' inputs add to the gates, in one product; both biases where they are only added. */
    private static Var projected(Direction direction, boolean bothBiases, Mil mil) {
        Var weight = mil.expandDims(direction.weight(), 0);
        Var product = mil.matmul(direction.x(), weight, false, true);
        if (direction.bias().isEmpty()) {
            return product;
        }
        long gates = direction.weight().size(0);
        List<Var> halves = mil.split(direction.bias().get(), 0, gates, gates);
        Var made = mil.add(product, halves.getFirst());
        return bothBiases ? mil.add(made, halves.getLast()) : made;
    }

    private static UnaryOperator<Var> activation(
            Call call, Direction direction, int count, int index, String usual, Mil mil) {
        List<String> names = call.texts("activations");
        int at = direction.index() * count + index;
        String name = at < names.size() ? names.get(at) : usual;
        List<Float> alphas = call.reals("activation_alpha");
        List<Float> betas = call.reals("activation_beta");
        double alpha = at < alphas.size() ? alphas.get(at) : defaultAlpha(name);
        double beta = at < betas.size() ? betas.get(at) : name.equalsIgnoreCase("HardSigmoid") ? 0.5 : 1;
        UnaryOperator<Var> function = Recurrence.activation(name, alpha, beta, mil);
        double clip = call.real("clip", 0);
        return clip == 0 ? function : x -> function.apply(mil.min(mil.max(x, mil.like(x, -clip)), mil.like(x, clip)));
    }

    private static double defaultAlpha(String name) {
        return name.equalsIgnoreCase("HardSigmoid") ? 0.2 : name.equalsIgnoreCase("LeakyRelu") ? 0.01 : 1;
    }

    /** ONNX orders the gates input, output, forget, cell, and peepholes input, output, forget. */
    private static Recurrence.Result lstm(Call call, Direction direction, Recurrence recurrence, Mil mil) {
        long hidden = direction.recurrent().size(1);
        UnaryOperator<Var> f = activation(call, direction, 3, 0, "Sigmoid", mil);
        UnaryOperator<Var> g = activation(call, direction, 3, 1, "Tanh", mil);
        UnaryOperator<Var> h = activation(call, direction, 3, 2, "Tanh", mil);
        List<Var> peepholes = call.has(7)
                ? mil.split(mil.at(call.in(7), 0, direction.index()), 0, hidden, hidden, hidden)
                : List.of();
        boolean coupled = call.isSet("input_forget");
        return recurrence.run(projected(direction, true, mil), direction.initial(), (input, states) -> {
            Var cell = states.get(1);
            Var sum = mil.add(input, mil.matmul(states.getFirst(), direction.recurrent(), false, true));
            List<Var> parts = mil.split(sum, 1, hidden, hidden, hidden, hidden);
            Var in = f.apply(peeped(parts.get(0), cell, peepholes, 0, mil));
            Var forget =
                    coupled ? mil.sub(mil.like(in, 1), in) : f.apply(peeped(parts.get(2), cell, peepholes, 2, mil));
            Var next = mil.add(mil.mul(forget, cell), mil.mul(in, g.apply(parts.get(3))));
            Var out = f.apply(peeped(parts.get(1), next, peepholes, 1, mil));
            return List.of(mil.mul(out, h.apply(next)), next);
        });
    }

    private static Var peeped(Var gate, Var cell, List<Var> peepholes, int index, Mil mil) {
        return peepholes.isEmpty() ? gate : mil.add(gate, mil.mul(peepholes.get(index), cell));
    }

    /** ONNX orders the gates update, reset, hidden. */
    private static Recurrence.Result gru(Call call, Direction direction, Recurrence recurrence, Mil mil) {
        long hidden = direction.recurrent().size(1);
        UnaryOperator<Var> f = activation(call, direction, 2, 0, "Sigmoid", mil);
        UnaryOperator<Var> g = activation(call, direction, 2, 1, "Tanh", mil);
        List<Var> weights = mil.split(direction.recurrent(), 0, 2 * hidden, hidden);
        Optional<List<Var>> biases = direction.bias().map(bias -> mil.split(bias, 0, 3 * hidden, 2 * hidden, hidden));
        boolean late = call.isSet("linear_before_reset");
        return recurrence.run(projected(direction, false, mil), direction.initial(), (input, states) -> {
            Var before = states.getFirst();
            List<Var> parts = mil.split(input, 1, 2 * hidden, hidden);
            Var gates = mil.add(parts.getFirst(), mil.matmul(before, weights.getFirst(), false, true));
            if (biases.isPresent()) {
                gates = mil.add(gates, biases.get().get(1));
            }
            List<Var> both = mil.split(f.apply(gates), 1, hidden, hidden);
            Var update = both.getFirst();
            Var reset = both.getLast();
            Var inner = mil.matmul(late ? before : mil.mul(reset, before), weights.getLast(), false, true);
            if (biases.isPresent()) {
                inner = mil.add(inner, biases.get().get(2));
            }
            Var fresh = g.apply(mil.add(parts.getLast(), late ? mil.mul(reset, inner) : inner));
            Var kept = mil.mul(update, before);
            return List.of(mil.add(mil.mul(mil.sub(mil.like(update, 1), update), fresh), kept));
        });
    }

    private static Recurrence.Result rnn(Call call, Direction direction, Recurrence recurrence, Mil mil) {
        UnaryOperator<Var> f = activation(call, direction, 1, 0, "Tanh", mil);
        return recurrence.run(
                projected(direction, true, mil),
                direction.initial(),
                (input, states) -> List.of(
                        f.apply(mil.add(input, mil.matmul(states.getFirst(), direction.recurrent(), false, true)))));
    }

    /** Parameters in MIL's order of names. */
    static Map<String, List<Var>> parameters(Map<String, Var> values) {
        Map<String, List<Var>> all = new TreeMap<>();
        values.forEach((name, value) -> all.put(name, List.of(value)));
        return all;
    }
}
