package dev.fairlead.parity.locate;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.provenance.Provenance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Holds a converted graph to its source, value by value in the graph's order. Of the source's values only sketches are kept, and of the
 * candidate's none, so that memory is that of the live values of one side.
 */
public final class Divergence {
    /** Above this two float64 computations of the same function are not the same: clean conversions are at 1e-14. */
    public static final double LIMIT = 1e-12;

    /** Cases that are looked at when the first has named an operation. */
    private static final int CONFIRMING = 2;

    /**
     * Of the largest addend: what is below it is what float64 lost of the addends. A sum that cancels has no other digits, and its
     * error relative to itself says nothing.
     */
    private static final double CANCELLED = 1e-14;

    private static final Set<String> SUMS = Set.of("Add", "Sub", "Sum", "Mean", "ReduceSum", "ReduceMean");

    private static final Set<String> MOVES =
            Set.of("Cast", "Expand", "Flatten", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze");

    private final Graph graph;
    private final Describer describer;
    private final Alignment alignment;
    private final Values source;
    private final Values candidate;

    /**
     * @param provenance of the candidate, with the source's names
     * @param source in float64
     * @param outputs the source's, in its order
     * @param found the candidate in float64
     */
    public Divergence(Model candidate, Provenance provenance, Values source, List<String> outputs, Values found) {
        this.graph = candidate.graph();
        this.describer = new Describer(candidate, provenance);
        this.alignment = new Alignment(candidate, provenance, source.names(), outputs);
        this.source = source;
        this.candidate = found;
    }

    /**
     * Looks for the operation.
     *
     * @param cases the one that failed worst first; that names it, and two more confirm it
     */
    public Located locate(List<Case> cases) {
        if (cases.isEmpty()) {
            throw new IllegalArgumentException("cases: there are none");
        }
        Errors first = compare(cases.getFirst());
        Optional<String> culprit = culprit(first);
        int confirmed = culprit.isPresent() ? 1 : 0;
        int looked = 1;
        for (Case other : cases.subList(1, Math.min(cases.size(), 1 + CONFIRMING))) {
            if (culprit.isPresent()) {
                looked++;
                confirmed += culprit(compare(other)).equals(culprit) ? 1 : 0;
            }
        }
        List<String> notes = new ArrayList<>();
        notes.add("errors are estimated from sketches of %d bytes, with a standard error of %.1f %%"
                .formatted(Sketch.BYTES, 100 * Sketch.STANDARD_ERROR));
        if (first.bad().isEmpty()) {
            notes.add("no value that was compared differs by more than " + Located.number(LIMIT));
        }
        return new Located(
                culprit.map(value -> operation(value, first)),
                confirmed,
                looked,
                first.size(),
                worst(first),
                List.of(),
                notes);
    }

    private Errors compare(Case one) {
        Map<String, List<Aligned>> wanted = new HashMap<>();
        alignment
                .values()
                .values()
                .forEach(aligned -> wanted.computeIfAbsent(aligned.source(), _ -> new ArrayList<>())
                        .add(aligned));
        Map<String, Sketch> references = new HashMap<>();
        source.stream(
                one,
                wanted.keySet(),
                (name, array) -> wanted.getOrDefault(name, List.of())
                        .forEach(aligned ->
                                references.put(aligned.value(), Sketch.of(alignment.counterpart(aligned, array)))));
        Map<String, Double> magnitudes = new HashMap<>();
        Errors errors = new Errors();
        Map<String, Node> makers = new HashMap<>();
        graph.nodes().forEach(node -> node.outputs().forEach(name -> makers.put(name, node)));
        candidate.stream(one, wantedOfCandidate(), (name, array) -> {
            Sketch made = Sketch.of(array);
            magnitudes.put(name, made.rms());
            Sketch reference = references.remove(name);
            Node node = makers.get(name);
            if (reference != null && node != null) {
                boolean isNoise = SUMS.contains(node.op())
                        && made.rmse(reference)
                                <= CANCELLED
                                        * node.inputs().stream()
                                                .mapToDouble(input -> magnitudes.getOrDefault(input, 0.0))
                                                .max()
                                                .orElse(0);
                errors.put(name, made.normalised(reference), isNoise);
            }
        });
        return errors;
    }

    private Set<String> wantedOfCandidate() {
        Set<String> names = new LinkedHashSet<>(alignment.values().keySet());
        graph.nodes().stream().filter(node -> SUMS.contains(node.op())).forEach(node -> names.addAll(node.inputs()));
        names.retainAll(candidate.names());
        return names;
    }

    private Optional<String> culprit(Errors errors) {
        Set<String> reaching = reaching(errors);
        Optional<String> certain = errors.bad().stream()
                .filter(reaching::contains)
                .filter(value -> region(value, errors).before().stream().allMatch(errors::isClean))
                .findFirst();
        return certain.or(() -> errors.bad().stream()
                .filter(reaching::contains)
                .filter(value -> region(value, errors).before().stream().noneMatch(errors::isBad))
                .findFirst());
    }

    /** All that outputs which differ are computed from; where no output differs, all outputs, for a fault may be hidden further on. */
    private Set<String> reaching(Errors errors) {
        Set<String> values = new LinkedHashSet<>();
        List<String> outputs = graph.outputs().stream().map(Value::name).toList();
        values.addAll(outputs.stream().filter(errors::isBad).toList());
        if (values.isEmpty()) {
            values.addAll(outputs);
        }
        for (Node node : graph.nodes().reversed()) {
            if (node.outputs().stream().anyMatch(values::contains)) {
                values.addAll(Uses.of(node));
            }
        }
        return values;
    }

    /**
     * What lies between a value and the nearest ones before it that acquit all that is before them.
     *
     * @param before values that were compared
     * @param within nodes whose values were not
     */
    private record Region(Set<String> before, List<Node> within) {}

    private Region region(String value, Errors errors) {
        Set<String> before = new LinkedHashSet<>();
        List<Node> within = new ArrayList<>();
        Set<String> open = new LinkedHashSet<>(Set.of(value));
        for (Node node : graph.nodes().reversed()) {
            if (node.outputs().stream().noneMatch(open::contains)) {
                continue;
            }
            if (!node.outputs().contains(value)
                    && !describer.isSize(node.outputs().getFirst())) {
                within.addFirst(node);
            }
            for (String input : Uses.of(node)) {
                if (errors.knows(input)) {
                    before.add(input);
                }
                if (!errors.knows(input)
                        || !alignment.of(input).map(Aligned::acquits).orElse(false)) {
                    open.add(input);
                }
            }
        }
        return new Region(before, within);
    }

    private Operation operation(String value, Errors errors) {
        Region region = region(value, errors);
        List<Operation.Input> inputs = region.before().stream()
                .map(input -> new Operation.Input(input, errors.of(input)))
                .sorted(Comparator.comparingDouble(Operation.Input::error).reversed())
                .toList();
        Node maker = graph.nodes().stream()
                .filter(node -> node.outputs().contains(value))
                .findFirst()
                .orElseThrow();
        List<Node> all = new ArrayList<>(region.within());
        all.add(maker);
        // A rule often ends by moving what it computed into the source's form, which is not what goes wrong.
        Node named = MOVES.contains(maker.op())
                ? all.reversed().stream()
                        .filter(node -> !MOVES.contains(node.op()))
                        .findFirst()
                        .orElse(maker)
                : maker;
        all.remove(named);
        return describer.of(
                named,
                value,
                errors.of(value),
                inputs,
                all.stream().map(Describer::name).toList());
    }

    private List<Operation> worst(Errors errors) {
        return errors.values().stream()
                .filter(errors::isBad)
                .sorted(Comparator.comparingDouble((String value) -> errors.of(value))
                        .reversed())
                .limit(Located.WORST)
                .map(value -> operation(value, errors))
                .toList();
    }

    /** Of one case, in the order in which the candidate makes its values. */
    private static final class Errors {
        private final Map<String, Double> byValue = new LinkedHashMap<>();
        private final Set<String> noise = new LinkedHashSet<>();

        void put(String value, double error, boolean isNoise) {
            byValue.put(value, error);
            if (isNoise && error > LIMIT) {
                noise.add(value);
            }
        }

        List<String> values() {
            return List.copyOf(byValue.keySet());
        }

        List<String> bad() {
            return byValue.keySet().stream().filter(this::isBad).toList();
        }

        int size() {
            return byValue.size();
        }

        boolean knows(String value) {
            return byValue.containsKey(value);
        }

        double of(String value) {
            return Objects.requireNonNull(byValue.get(value));
        }

        boolean isClean(String value) {
            return of(value) <= LIMIT;
        }

        boolean isBad(String value) {
            return knows(value) && !isClean(value) && !noise.contains(value);
        }
    }
}
