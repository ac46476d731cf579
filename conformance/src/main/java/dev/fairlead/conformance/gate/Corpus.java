package dev.fairlead.conformance.gate;

import dev.fairlead.conformance.gate.Fault.Kind;
import dev.fairlead.conformance.gate.Fault.Level;
import dev.fairlead.conformance.random.RandomGraph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.check.GeneratedInputs;
import dev.fairlead.parity.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** All trials of the gate. */
public final class Corpus {
    /** Twice through the kinds of numbers, and through the sizes. */
    private static final int INPUTS = 14;

    private static final int RANDOM_INPUTS = 4;
    private static final long SEED = 1;

    private Corpus() {}

    static List<Fault> faults() {
        return Stream.of(
                        LayerFaults.all(),
                        AttentionFaults.all(),
                        PositionFaults.all(),
                        ImageFaults.all(),
                        MachineFaults.all(),
                        QuantisedFaults.all())
                .flatMap(List::stream)
                .toList();
    }

    /** Every seeded fault at each level, and behind it its clean twin. */
    public static List<Trial> seeded() {
        List<Trial> trials = new ArrayList<>();
        for (Fault fault : faults()) {
            for (Level level : fault.precisions()) {
                String name = fault.id() + "/" + text(level);
                trials.add(new Trial("fault/" + name, Verdict.FAILED, Optional.of(fault), () -> wrong(fault, level)));
                trials.add(new Trial(
                        "clean/" + name, Verdict.PASSED, Optional.empty(), () -> same(fault.right(), level, INPUTS)));
            }
        }
        return trials;
    }

    /**
     * Random graphs, each value of which is an output.
     *
     * @param count at each level; of weights of 4 bits those that have some
     */
    public static List<Trial> random(int count) {
        List<Trial> trials = new ArrayList<>();
        for (Level level : Level.values()) {
            int found = 0;
            for (int seed = 1; found < count; seed++) {
                Model model = new RandomGraph(new Random(seed)).model();
                if (level != Level.INT4 || hasProduct(model)) {
                    found++;
                    trials.add(new Trial(
                            "random/" + seed + "/" + text(level),
                            Verdict.PASSED,
                            Optional.empty(),
                            () -> same(model, level, RANDOM_INPUTS)));
                }
            }
        }
        return trials;
    }

    /** Float32 products whose factors the machine cuts to 11 bits. */
    static Trial tf32() {
        Model right = MachineFaults.float32();
        return new Trial(
                "tf32",
                Verdict.FAILED,
                Optional.empty(),
                () -> new Gate.Pair(
                        right,
                        Level.FLOAT32,
                        right,
                        MachineFaults.tf32(),
                        Level.FLOAT32,
                        inputs(right, Level.FLOAT32, INPUTS)));
    }

    private static boolean hasProduct(Model model) {
        return model.graph().nodes().stream().anyMatch(node -> node.op().equals("MatMul"));
    }

    private static Gate.Pair same(Model model, Level level, int inputs) {
        return new Gate.Pair(model, level, model, model, level, inputs(model, level, inputs));
    }

    private static Gate.Pair wrong(Fault fault, Level level) {
        Model right = fault.right();
        Model wrong = fault.wrong();
        Model converted = fault.kind() == Kind.MACHINE ? right : wrong;
        Level sourceLevel = fault.kind() == Kind.PRECISION ? Level.FLOAT32 : level;
        return new Gate.Pair(right, sourceLevel, converted, wrong, level, inputs(right, level, INPUTS));
    }

    private static NavigableMap<String, Map<String, Tensor>> inputs(Model model, Level level, int count) {
        return GeneratedInputs.of(Levels.declared(model, level), count, SEED);
    }

    static String text(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
