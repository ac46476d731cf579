package dev.fairlead.parity.locate;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * What an operator's roundings are multiplied by, for each element of a result: |A||B| of a sum of products, from the same operator on
 * absolute values; of other operators how far the result moves when each number of the inputs moves by a small part of itself, up or
 * down by chance.
 */
final class Amplification {
    private static final double STEP = 0x1p-26;
    private static final int TRIALS = 16;

    /** Whose usual forms subtract from numbers of the input's size. */
    private static final Set<String> CANCEL_INPUT =
            Set.of("BiasGelu", "FastGelu", "Gelu", "HardSwish", "LogSoftmax", "Mish", "QuickGelu", "Swish");

    /** Whose usual forms add to or subtract from 1, or stop where a sigmoid is as good as flat. */
    private static final Set<String> CANCEL_ONE =
            Set.of("Celu", "Elu", "GRU", "HardSigmoid", "LSTM", "RNN", "Selu", "Sigmoid", "Softplus", "Softsign");

    private final Model model;
    private final Node node;
    private final Map<String, Datum> inputs;

    /** @param inputs all that the node uses, by name */
    Amplification(Model model, Node node, Map<String, Datum> inputs) {
        this.model = model;
        this.node = node;
        this.inputs = inputs;
    }

    /** By output; all zeros where a kind leaves nothing but the rounding of the result. */
    Map<String, double[]> of(Kind kind, Map<String, Datum> exact) {
        return switch (kind) {
            case ROUNDED, STEPPED, UNKNOWN -> Map.of();
            case LINEAR -> absolute();
            case FUNCTION, COMPOSED -> sensitive(exact);
        };
    }

    /** No more than {@link #of}, and had at once. */
    Map<String, double[]> least(Kind kind, Map<String, Datum> exact) {
        Map<String, double[]> found = new HashMap<>();
        if (kind != Kind.ROUNDED && kind != Kind.STEPPED) {
            exact.forEach((name, datum) ->
                    found.put(name, Arrays.stream(numbers(datum)).map(Math::abs).toArray()));
        }
        return found;
    }

    private Map<String, double[]> absolute() {
        Map<String, Datum> given = new HashMap<>();
        inputs.forEach((name, datum) -> given.put(name, changed(datum, Math::abs)));
        TreeMap<String, Attribute> attributes = new TreeMap<>(node.attributes());
        attributes.replaceAll((_, attribute) ->
                attribute instanceof Attribute.Real(float value) ? new Attribute.Real(Math.abs(value)) : attribute);
        Node positive = new Node(
                node.name(), node.domain(), node.op(), node.inputs(), node.outputs(), attributes, new TreeMap<>());
        Map<String, double[]> found = new HashMap<>();
        new Alone(model, positive).run(given).forEach((name, datum) -> {
            if (datum instanceof Datum.Dense(Array.Reals reals)) {
                found.put(name, reals.values());
            }
        });
        return found;
    }

    private Map<String, double[]> sensitive(Map<String, Datum> exact) {
        Map<String, double[]> found = moved(exact, _ -> STEP);
        found.forEach((name, by) -> {
            if (exact.get(name) instanceof Datum.Dense(Array.Reals reals)) {
                Arrays.setAll(by, i -> Math.abs(reals.values()[i]) + (Double.isFinite(by[i]) ? by[i] / STEP : 0));
                addCancelled(by);
            }
        });
        return found;
    }

    /**
     * How far each element moves, at most, when inputs move by parts of themselves: all up, all down, and by chance.
     *
     * @param part by the input's name
     */
    Map<String, double[]> moved(Map<String, Datum> exact, ToDoubleFunction<String> part) {
        Alone alone = new Alone(model, node);
        SplittableRandom random = new SplittableRandom(1);
        Map<String, double[]> found = new HashMap<>();
        for (int trial = 0; trial < TRIALS; trial++) {
            int way = trial;
            Map<String, Datum> given = new HashMap<>();
            inputs.forEach((name, datum) -> {
                double by = part.applyAsDouble(name);
                given.put(
                        name,
                        changed(
                                datum,
                                value -> value * (way == 0 || (way > 1 && random.nextBoolean()) ? 1 + by : 1 - by)));
            });
            alone.run(given).forEach((name, datum) -> {
                double[] moved = numbers(datum);
                double[] from = numbers(Objects.requireNonNull(exact.get(name)));
                if (moved.length == from.length) {
                    double[] most = found.computeIfAbsent(name, _ -> new double[from.length]);
                    Arrays.setAll(most, i -> Math.max(most[i], Math.abs(moved[i] - from[i])));
                }
            });
        }
        return found;
    }

    private static double[] numbers(Datum datum) {
        return switch (datum) {
            case Datum.Dense(Array.Reals reals) -> reals.values();
            case Datum.Dense(Array.Integers integers) ->
                Arrays.stream(integers.values()).asDoubleStream().toArray();
            case Datum.Dense _, Datum.Sequence _, Datum.Maybe _ -> new double[0];
        };
    }

    private void addCancelled(double[] amplification) {
        if (CANCEL_ONE.contains(node.op())) {
            Arrays.setAll(amplification, i -> amplification[i] + 1);
        } else if (CANCEL_INPUT.contains(node.op())
                && inputs.get(node.inputs().getFirst()) instanceof Datum.Dense(Array.Reals reals)
                && reals.size() == amplification.length) {
            Arrays.setAll(amplification, i -> amplification[i] + Math.abs(reals.values()[i]));
        }
    }

    private interface Change {
        double of(double value);
    }

    private static Datum changed(Datum datum, Change change) {
        if (datum instanceof Datum.Dense(Array.Reals reals)) {
            double[] values = new double[reals.size()];
            Arrays.setAll(values, i -> change.of(reals.values()[i]));
            return Datum.of(new Array.Reals(reals.dtype(), reals.shape(), values));
        }
        return datum;
    }
}
