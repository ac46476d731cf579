package dev.fairlead.parity.locate;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * What an operator's roundings are multiplied by, for each element of a result: |A||B| of a sum of products, from the same operator on
 * absolute values; of other operators how far the result moves when each number of the inputs moves by a small part of itself, up or
 * down by chance.
 */
final class Amplification {
    private static final double STEP = 0x1p-26;
    private static final int TRIALS = 4;

    /** Whose usual forms subtract from numbers of the input's size. */
    private static final Set<String> CANCEL_INPUT =
            Set.of("BiasGelu", "FastGelu", "Gelu", "HardSwish", "Mish", "QuickGelu", "Swish");

    /** Whose usual forms add to or subtract from 1. */
    private static final Set<String> CANCEL_ONE =
            Set.of("Celu", "Elu", "HardSigmoid", "Selu", "Sigmoid", "Softplus", "Softsign");

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
        Alone alone = new Alone(model, node);
        SplittableRandom random = new SplittableRandom(1);
        Map<String, double[]> found = new HashMap<>();
        for (int trial = 0; trial < TRIALS; trial++) {
            Map<String, Datum> given = new HashMap<>();
            inputs.forEach((name, datum) ->
                    given.put(name, changed(datum, value -> value * (random.nextBoolean() ? 1 + STEP : 1 - STEP))));
            alone.run(given).forEach((name, datum) -> {
                if (datum instanceof Datum.Dense(Array.Reals moved)
                        && exact.get(name) instanceof Datum.Dense(Array.Reals reals)) {
                    double[] sum = found.computeIfAbsent(name, _ -> base(reals.values()));
                    for (int i = 0; i < sum.length; i++) {
                        double by = Math.abs(moved.values()[i] - reals.values()[i]) / STEP;
                        double least = Math.abs(reals.values()[i]);
                        sum[i] = Math.max(sum[i], least + (Double.isFinite(by) ? by : 0));
                    }
                }
            });
        }
        found.values().forEach(this::addCancelled);
        return found;
    }

    private static double[] base(double[] values) {
        return Arrays.stream(values).map(Math::abs).toArray();
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
