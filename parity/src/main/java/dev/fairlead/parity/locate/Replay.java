package dev.fairlead.parity.locate;

import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Computes each operation again in float64 from the inputs that the target gave it. What is wrong then is the operation's own: an error
 * in the inputs is in both results, which holds at 16 bits too, where the error of a whole model hides that of one operation.
 */
public final class Replay {
    /** Taps of one run. */
    private static final int BATCH = 24;

    private final Model model;
    private final Describer describer;
    private final Contract contract;

    public Replay(Model candidate, Provenance provenance, Contract contract) {
        this.model = candidate;
        this.describer = new Describer(candidate, provenance);
        this.contract = contract;
    }

    /** All operations of the graph, in its order, on one input by the candidate's names. */
    public List<Replayed> all(Target target, Map<String, Tensor> inputs) {
        return of(model.graph().nodes(), target, inputs);
    }

    /** Some operations, in the order given. A few values are held at a time. */
    List<Replayed> of(List<Node> nodes, Target target, Map<String, Tensor> inputs) {
        Capture capture = new Capture(target, inputs, BATCH);
        List<Replayed> found = new ArrayList<>();
        List<Node> batch = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (Node node : nodes) {
            Set<String> more = new LinkedHashSet<>(names);
            more.addAll(values(node, inputs));
            if (more.size() > BATCH && !batch.isEmpty()) {
                flush(batch, names, capture, inputs, found);
                more = new LinkedHashSet<>(values(node, inputs));
            }
            batch.add(node);
            names = more;
        }
        flush(batch, names, capture, inputs, found);
        return found;
    }

    /** The operation that is furthest beyond its bound; one that a narrower precision explains only where there is no other. */
    public static Optional<Replayed> culprit(List<Replayed> replayed) {
        return replayed.stream()
                .filter(one -> one.verdict() == Replayed.Verdict.WRONG)
                .max(Comparator.comparing((Replayed one) -> one.reason().isEmpty())
                        .thenComparingDouble(Replayed::excess));
    }

    private void flush(
            List<Node> batch, Set<String> names, Capture capture, Map<String, Tensor> inputs, List<Replayed> found) {
        if (!batch.isEmpty()) {
            Captured captured = capture.of(List.copyOf(names));
            for (Node node : batch) {
                List<String> own = List.copyOf(values(node, inputs));
                boolean isMixed = own.stream().anyMatch(captured.prefixed()::contains);
                Replayed first = judged(node, isMixed ? capture.together(own) : captured, inputs);
                // The values of a batch may come from several runs, in which not all was fused alike.
                found.add(
                        first.verdict() == Replayed.Verdict.WRONG && !isMixed
                                ? judged(node, capture.together(own), inputs)
                                : first);
            }
            batch.clear();
        }
    }

    /** What a node uses and makes, but for what is given. */
    private Set<String> values(Node node, Map<String, Tensor> inputs) {
        Set<String> names = Uses.of(node);
        node.outputs().stream().filter(name -> !name.isEmpty()).forEach(names::add);
        names.removeAll(model.graph().initializers().keySet());
        names.removeAll(inputs.keySet());
        return names;
    }

    private Replayed judged(Node node, Captured captured, Map<String, Tensor> inputs) {
        String value = node.outputs().stream()
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElseThrow();
        Operation unknown = describer.of(value, 0, List.of(), List.of());
        Kind kind = Kind.of(node);
        if (kind == Kind.UNKNOWN) {
            return Replayed.notJudged(unknown, "it draws random numbers or runs another graph");
        }
        Map<String, Datum> given = new HashMap<>();
        for (String name : Uses.of(node)) {
            Tensor tensor = Objects.requireNonNullElseGet(
                    captured.values().get(name),
                    () -> Objects.requireNonNullElseGet(
                            model.graph().initializers().get(name),
                            () -> Objects.requireNonNull(inputs.get(name), name)));
            given.put(name, Datum.of(Array.of(tensor)));
        }
        try {
            Map<String, Datum> exact = new Alone(model, node).run(given);
            for (String name : exact.keySet()) {
                Tensor made = Objects.requireNonNull(captured.values().get(name), name);
                if (!(exact.get(name) instanceof Datum.Dense(Array array)) || !Judging.fits(made, array)) {
                    return Replayed.notJudged(unknown, "`" + name + "` is no tensor of numbers of the computed size");
                }
            }
            Amplification amplification = new Amplification(model, node, given);
            // What a result is multiplied by is at least itself; most need no more, and the rest takes many runs of the
            // node.
            Map<String, double[]> factors = amplification.least(kind, exact);
            Judging judging = new Judging(node, kind, given, captured, exact);
            Count count = judging.count(contract, factors, Map.of());
            if (count.outside > 0) {
                factors = amplification.of(kind, exact);
                count = judging.count(contract, factors, Map.of());
            }
            Map<String, double[]> slack = Map.of();
            Replayed.Verdict verdict = count.outside == 0 ? Replayed.Verdict.RIGHT : Replayed.Verdict.WRONG;
            if (count.outside > 0 && contract.inner() == Contract.Inner.WIDER) {
                slack = amplification.moved(exact, name -> lost(name, captured));
                Count wider = judging.count(contract, factors, slack);
                verdict = wider.outside == 0 ? Replayed.Verdict.WIDENED : verdict;
                count = wider.outside == 0 ? count : wider;
            }
            String reason = verdict == Replayed.Verdict.WRONG ? judging.explanation(contract, factors, slack) : "";
            boolean prefixed = values(node, inputs).stream()
                    .anyMatch(name -> captured.prefixed().contains(name));
            return count.end(describer.of(value, count.error(), List.of(), List.of()), verdict, prefixed, reason);
        } catch (ModelException e) {
            return Replayed.notJudged(unknown, String.valueOf(e.getMessage()));
        }
    }

    /** What a tap may have rounded off, relative; twice the unit, for the moves are by chance and not at their worst. */
    private static double lost(String name, Captured captured) {
        Tensor tensor = captured.values().get(name);
        return tensor == null || tensor.dtype().bits() >= 32 ? 0 : 2 * Contract.unit(tensor.dtype());
    }
}
