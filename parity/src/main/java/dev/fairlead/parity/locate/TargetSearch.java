package dev.fairlead.parity.locate;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for the operation that a target gets wrong, with few taps a run: the values that a differing output is computed from are
 * searched in order, several at a time, for the first beyond the limit; its own inputs are then looked at, and the operations around
 * it computed again.
 */
public final class TargetSearch {
    /** How far before the first value beyond the limit operations are computed again: an error may grow for a while before it shows. */
    private static final int BEFORE = 4;

    private final Model model;
    private final Graph graph;
    private final Replay replay;
    private final double limit;
    private final int most;
    private final Map<String, Node> makers = new HashMap<>();

    /**
     * @param limit of the normalised RMSE against float64, such as the policy's for the precision
     * @param most taps of one run
     */
    public TargetSearch(Model candidate, Provenance provenance, Contract contract, double limit, int most) {
        this.model = candidate;
        this.graph = candidate.graph();
        this.replay = new Replay(candidate, provenance, contract);
        this.limit = limit;
        this.most = most;
        for (Node node : graph.nodes()) {
            node.outputs().stream().filter(name -> !name.isEmpty()).forEach(name -> makers.put(name, node));
        }
    }

    /** Whether all outputs are within the limit: what a search by settings asks. */
    public boolean agrees(Target target, Map<String, Tensor> inputs) {
        Map<String, Sketch> exact = exact(inputs, outputs());
        Map<String, Tensor> found = target.run(inputs, List.of());
        return outputs().stream().noneMatch(name -> isBad(error(name, exact, found)));
    }

    /**
     * Searches.
     *
     * @param inputs by the candidate's names
     */
    public OnTarget search(Target target, Map<String, Tensor> inputs) {
        Map<String, Sketch> exact = exact(inputs, makers.keySet());
        Counted counted = new Counted(target);
        Capture capture = new Capture(counted, inputs, most);
        Set<String> bad = new LinkedHashSet<>(outputs());
        bad.removeIf(name -> !isBad(error(name, exact, capture.outputs())));
        List<String> notes = new ArrayList<>();
        if (!capture.repeats()) {
            notes.add(
                    "the target does not give the same bits again, so that a tap that changes its outputs can't be told");
        }
        if (bad.isEmpty()) {
            notes.add("no output is beyond the limit of " + Located.number(limit));
            return new OnTarget("", 0, Optional.empty(), List.of(), counted.runs, notes);
        }
        Set<String> prefixed = new HashSet<>();
        Errors errors = names -> {
            Captured captured = capture.of(names);
            prefixed.addAll(captured.prefixed());
            Map<String, Double> found = new HashMap<>();
            names.forEach(name -> found.put(name, error(name, exact, captured.values())));
            return found;
        };
        String first = earliest(bisected(before(bad, exact), errors), errors, exact);
        double error = Objects.requireNonNull(errors.of(List.of(first)).get(first));
        List<Replayed> replayed = replay.of(around(first), counted, inputs);
        if (Replay.culprit(replayed).isEmpty()) {
            notes.add(
                    "no operation near the first value beyond the limit is wrong by itself, so all were computed again");
            replayed = replay.of(graph.nodes(), counted, inputs);
        }
        notes.add(
                prefixed.isEmpty() && replayed.stream().noneMatch(Replayed::prefixed)
                        ? "taps left the outputs equal bit by bit"
                        : "taps changed the outputs; what they tapped was computed by prefixes of the model, where other"
                                + " operations may be fused");
        return new OnTarget(first, error, Replay.culprit(replayed), replayed, counted.runs, notes);
    }

    private interface Errors {
        Map<String, Double> of(List<String> names);
    }

    private List<String> outputs() {
        return graph.outputs().stream().map(Value::name).toList();
    }

    private Map<String, Sketch> exact(Map<String, Tensor> inputs, Collection<String> names) {
        Map<String, Sketch> sketches = new HashMap<>();
        Interpreted values = new Interpreted(
                model, Feeds.fed(graph).stream().map(Value::name).toList());
        values.stream(
                new Case("", inputs), new HashSet<>(names), (name, array) -> sketches.put(name, Sketch.of(array)));
        return sketches;
    }

    private static double error(String name, Map<String, Sketch> exact, Map<String, Tensor> found) {
        Sketch reference = exact.get(name);
        return reference == null
                ? 0
                : Sketch.of(Array.of(Objects.requireNonNull(found.get(name), name)))
                        .normalised(reference);
    }

    private boolean isBad(double error) {
        return !(error <= limit);
    }

    /** All that values are computed from and that can be compared, in the graph's order, and they themselves. */
    private List<String> before(Set<String> values, Map<String, Sketch> exact) {
        Set<String> open = new HashSet<>(values);
        List<String> found = new ArrayList<>();
        for (Node node : graph.nodes().reversed()) {
            if (node.outputs().stream().anyMatch(open::contains)) {
                open.addAll(Uses.of(node));
            }
        }
        for (Node node : graph.nodes()) {
            node.outputs().stream()
                    .filter(name -> open.contains(name) && exact.containsKey(name))
                    .forEach(found::add);
        }
        return found;
    }

    /** The first of values beyond the limit, if all after one that is beyond it are too; the last one is known to be. */
    private String bisected(List<String> values, Errors errors) {
        int low = 0;
        int high = values.size() - 1;
        while (low < high) {
            List<String> names = new ArrayList<>();
            int count = Math.min(most, high - low);
            for (int i = 0; i < count; i++) {
                names.add(values.get(low + (int) ((long) (high - low) * (i + 1) / (count + 1))));
            }
            Map<String, Double> found = errors.of(names.stream().distinct().toList());
            int from = low;
            for (String name : names) {
                int at = values.indexOf(name);
                if (isBad(Objects.requireNonNull(found.get(name)))) {
                    high = at;
                    break;
                }
                from = at + 1;
            }
            low = Math.min(from, high);
        }
        return values.get(high);
    }

    /** Goes on to inputs that are beyond the limit too, for values need not go on being so once one is. */
    private String earliest(String value, Errors errors, Map<String, Sketch> exact) {
        String at = value;
        while (true) {
            List<String> inputs = Uses.of(Objects.requireNonNull(makers.get(at))).stream()
                    .filter(name -> makers.containsKey(name) && exact.containsKey(name))
                    .toList();
            Map<String, Double> found = errors.of(inputs);
            Optional<String> bad = inputs.stream()
                    .filter(name -> isBad(Objects.requireNonNull(found.get(name))))
                    .findFirst();
            if (bad.isEmpty()) {
                return at;
            }
            at = bad.get();
        }
    }

    private List<Node> around(String value) {
        Set<String> open = new HashSet<>(Set.of(value));
        for (int i = 0; i < BEFORE; i++) {
            Set<String> more = new HashSet<>();
            open.stream()
                    .filter(makers::containsKey)
                    .forEach(name -> more.addAll(Uses.of(Objects.requireNonNull(makers.get(name)))));
            open.addAll(more);
        }
        return graph.nodes().stream()
                .filter(node -> node.outputs().stream().anyMatch(open::contains))
                .toList();
    }

    /** Counts runs. */
    private static final class Counted implements Target {
        private final Target target;
        private int runs;

        Counted(Target target) {
            this.target = target;
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs, List<String> taps) {
            runs++;
            return target.run(inputs, taps);
        }

        @Override
        public Map<String, Tensor> prefix(Map<String, Tensor> inputs, List<String> values) {
            runs++;
            return target.prefix(inputs, values);
        }

        @Override
        public void close() {
            // It is the caller's.
        }
    }
}
