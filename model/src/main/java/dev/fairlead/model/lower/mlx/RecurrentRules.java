package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** RNN, GRU and LSTM, written out over the sequence. */
final class RecurrentRules {
    private static final int X = 0;
    private static final int W = 1;
    private static final int R = 2;
    private static final int B = 3;
    private static final int LENGTHS = 4;
    private static final int H = 5;
    private static final int C = 6;
    private static final int P = 7;

    private RecurrentRules() {}

    static void register(Rules rules) {
        rules.addAll("RNN", (node, mlx) -> new Recurrence(node, mlx, 1, List.of("Tanh")).lower(RecurrentRules::rnn));
        rules.addAll(
                "GRU",
                (node, mlx) -> new Recurrence(node, mlx, 3, List.of("Sigmoid", "Tanh")).lower(RecurrentRules::gru));
        rules.addAll(
                "LSTM",
                (node, mlx) ->
                        new Recurrence(node, mlx, 4, List.of("Sigmoid", "Tanh", "Tanh")).lower(RecurrentRules::lstm));
    }

    /** One step: the states after it. */
    private interface Cell {
        List<Operand> step(Direction own, Operand x, List<Operand> states);
    }

    /** The weights of one direction. */
    private record Direction(
            Recurrence all,
            int index,
            Operand w,
            Operand r,
            Optional<Operand> wb,
            Optional<Operand> rb,
            Optional<Operand> p) {
        Operand activated(int place, Operand x) {
            return all.activated(index * all.defaults.size() + place, x);
        }
    }

    private static final class Recurrence {
        private final Operation node;
        private final Primitives mlx;
        private final int gates;
        private final List<String> defaults;
        private final boolean batchFirst;

        Recurrence(Operation node, Primitives mlx, int gates, List<String> defaults) {
            this.node = node;
            this.mlx = mlx;
            this.gates = gates;
            this.defaults = defaults;
            this.batchFirst = node.flag("layout", false);
        }

        List<Operand> lower(Cell cell) {
            Operand x = batchFirst ? mlx.transpose(node.input(X), List.of(1, 0, 2)) : node.input(X);
            int directions = Math.toIntExact(node.input(W).fixed(0));
            boolean backwards = node.text("direction", "forward").equals("reverse");
            List<Operand> sequences = new ArrayList<>();
            List<List<Operand>> ends = new ArrayList<>();
            for (int i = 0; i < directions; i++) {
                List<Operand> states = new ArrayList<>(List.of(initial(H, i, x)));
                if (gates == 4) {
                    states.add(initial(C, i, x));
                }
                sequences.add(run(cell, direction(i), x, states, backwards || i == 1));
                ends.add(states);
            }
            List<Operand> outputs = new ArrayList<>(List.of(mlx.concatenate(
                    sequences.stream().map(y -> mlx.expandDims(y, 1)).toList(), 1)));
            for (int state = 0; state < ends.getFirst().size(); state++) {
                int which = state;
                outputs.add(mlx.concatenate(
                        ends.stream()
                                .map(own -> mlx.expandDims(own.get(which), 0))
                                .toList(),
                        0));
            }
            if (!batchFirst) {
                return outputs;
            }
            return IntStream.range(0, outputs.size())
                    .mapToObj(i -> mlx.transpose(outputs.get(i), i == 0 ? List.of(2, 0, 1, 3) : List.of(1, 0, 2)))
                    .toList();
        }

        /** Steps through the sequence; {@code states} hold the last ones after it. Answers all hidden states. */
        private Operand run(Cell cell, Direction own, Operand x, List<Operand> states, boolean backwards) {
            long length = x.fixed(0);
            List<Operand> made = new ArrayList<>(Collections.nCopies(Math.toIntExact(length), x));
            for (long i = 0; i < length; i++) {
                long step = backwards ? length - 1 - i : i;
                Operand now = mlx.squeeze(mlx.slice(x, 0, step, step + 1), 0);
                List<Operand> next = cell.step(own, now, states);
                Operand hidden = next.getFirst();
                if (node.has(LENGTHS)) {
                    // beyond a sequence's end its state stays, and its output is 0
                    Operand inside = mlx.expandDims(
                            mlx.less(mlx.scalar(node.input(LENGTHS).dtype(), step), node.input(LENGTHS)), 1);
                    for (int s = 0; s < states.size(); s++) {
                        states.set(s, mlx.select(inside, next.get(s), states.get(s)));
                    }
                    hidden = mlx.select(inside, hidden, mlx.like(hidden, 0));
                } else {
                    for (int s = 0; s < states.size(); s++) {
                        states.set(s, next.get(s));
                    }
                }
                made.set(Math.toIntExact(step), mlx.expandDims(hidden, 0));
            }
            return mlx.concatenate(made, 0);
        }

        private Direction direction(int i) {
            Operand w = mlx.swapped(part(W, i));
            Operand r = mlx.swapped(part(R, i));
            Optional<Operand> wb = Optional.empty();
            Optional<Operand> rb = Optional.empty();
            if (node.has(B)) {
                Operand both = part(B, i);
                long half = both.fixed(0) / 2;
                wb = Optional.of(mlx.slice(both, 0, 0, half));
                rb = Optional.of(mlx.slice(both, 0, half, 2 * half));
            }
            return new Direction(this, i, w, r, wb, rb, node.has(P) ? Optional.of(part(P, i)) : Optional.empty());
        }

        private Operand part(int input, int direction) {
            return mlx.squeeze(mlx.slice(node.input(input), 0, direction, direction + 1), 0);
        }

        private Operand initial(int input, int direction, Operand x) {
            if (!node.has(input)) {
                List<Expression> shape = List.of(x.size(1), node.input(R).size(2));
                return mlx.broadcast(mlx.like(x, 0), shape);
            }
            int axis = batchFirst ? 1 : 0;
            return mlx.squeeze(mlx.slice(node.input(input), axis, direction, direction + 1), axis);
        }

        Operand activated(int place, Operand x) {
            List<String> names = node.texts("activations").orElse(List.of());
            String name = names.isEmpty() ? defaults.get(place % defaults.size()) : names.get(place);
            return switch (name.toLowerCase(Locale.ROOT)) {
                case "sigmoid" -> mlx.sigmoid(x);
                case "tanh" -> mlx.tanh(x);
                case "relu" -> mlx.maximum(x, 0);
                case "softsign" -> ActivationRules.softsign(x, mlx);
                case "softplus" -> ActivationRules.softplus(x, mlx);
                default -> throw Refusal.of("the activation " + name);
            };
        }

        Operand clipped(Operand x) {
            if (!node.hasAttribute("clip")) {
                return x;
            }
            double clip = node.real("clip", 0);
            return mlx.minimum(mlx.maximum(x, -clip), clip);
        }

        Operand gate(Operand all, int gate) {
            long size = all.fixed(all.rank() - 1) / gates;
            return mlx.slice(all, all.rank() - 1, gate * size, (gate + 1) * size);
        }

        Operand plus(Operand x, Optional<Operand> bias) {
            return bias.map(b -> mlx.add(x, b)).orElse(x);
        }

        Operand product(Operand x, Operand weight, Optional<Operand> bias) {
            return plus(mlx.matmul(x, weight), bias);
        }
    }

    private static List<Operand> rnn(Direction own, Operand x, List<Operand> states) {
        Recurrence all = own.all();
        Operand sum = all.mlx.add(all.product(x, own.w(), own.wb()), all.product(states.getFirst(), own.r(), own.rb()));
        return List.of(own.activated(0, all.clipped(sum)));
    }

    /** Gates z, r, h. Unless {@code linear_before_reset}, the reset comes before the recurrent product. */
    private static List<Operand> gru(Direction own, Operand x, List<Operand> states) {
        Recurrence all = own.all();
        Primitives mlx = all.mlx;
        Operand h = states.getFirst();
        Operand fromX = all.product(x, own.w(), own.wb());
        Operand fromH = all.product(h, own.r(), own.rb());
        Operand z = own.activated(0, all.clipped(mlx.add(all.gate(fromX, 0), all.gate(fromH, 0))));
        Operand r = own.activated(0, all.clipped(mlx.add(all.gate(fromX, 1), all.gate(fromH, 1))));
        Operand inner;
        if (all.node.flag("linear_before_reset", false)) {
            inner = mlx.multiply(r, all.gate(fromH, 2));
        } else {
            Optional<Operand> bias = own.rb().map(b -> all.gate(b, 2));
            inner = all.product(mlx.multiply(r, h), all.gate(own.r(), 2), bias);
        }
        Operand candidate = own.activated(1, all.clipped(mlx.add(all.gate(fromX, 2), inner)));
        Operand kept = mlx.multiply(z, h);
        return List.of(mlx.add(mlx.multiply(mlx.subtract(1, z), candidate), kept));
    }

    /** Gates i, o, f, c; peepholes i, o, f. */
    private static List<Operand> lstm(Direction own, Operand x, List<Operand> states) {
        Recurrence all = own.all();
        Primitives mlx = all.mlx;
        Operand c = states.get(1);
        Operand sum = mlx.add(all.product(x, own.w(), own.wb()), all.product(states.getFirst(), own.r(), own.rb()));
        Operand i = own.activated(0, all.clipped(peeped(all.gate(sum, 0), own, 0, c)));
        Operand fresh = own.activated(1, all.clipped(all.gate(sum, 3)));
        Operand f;
        if (all.node.flag("input_forget", false)) {
            f = mlx.subtract(1, i);
        } else {
            f = own.activated(0, all.clipped(peeped(all.gate(sum, 2), own, 2, c)));
        }
        Operand cell = mlx.add(mlx.multiply(f, c), mlx.multiply(i, fresh));
        Operand o = own.activated(0, all.clipped(peeped(all.gate(sum, 1), own, 1, cell)));
        return List.of(mlx.multiply(o, own.activated(2, cell)), cell);
    }

    private static Operand peeped(Operand gate, Direction own, int place, Operand cell) {
        Primitives mlx = own.all().mlx;
        return own.p()
                .map(weights -> {
                    long size = weights.fixed(0) / 3;
                    Operand peephole = mlx.slice(weights, 0, place * size, (place + 1) * size);
                    return mlx.add(gate, mlx.multiply(cell, peephole));
                })
                .orElse(gate);
    }
}
