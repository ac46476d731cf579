package dev.fairlead.conformance.gate;

import dev.fairlead.conformance.Suite;
import dev.fairlead.conformance.gate.Fault.Level;
import dev.fairlead.conformance.random.RandomGraph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.check.GeneratedInputs;
import dev.fairlead.parity.verdict.Verdict;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.function.Predicate;

/** Random graphs, each value of which is an output, have to pass: a failure here is a false alarm. */
public final class CleanSuite implements Suite {
    /** At each level; some more than the 299 that bound the rate of false alarms by 1 % (95 %), for some have no kernel. */
    private static final int GRAPHS = 310;

    private static final int INPUTS = 4;

    @Override
    public String name() {
        return "parity-clean";
    }

    @Override
    public void run(Predicate<String> selected, Report report) {
        for (Level level : Level.values()) {
            int graphs = 0;
            for (int seed = 1; graphs < GRAPHS; seed++) {
                Model model = new RandomGraph(new Random(seed)).model();
                String name = seed + "/" + level.name().toLowerCase(Locale.ROOT);
                if (level != Level.INT4 || hasProduct(model)) {
                    graphs++;
                    if (selected.test(name)) {
                        report.add(name, GateSuite.judged(() -> pair(model, level), Verdict.PASSED));
                    }
                }
            }
        }
    }

    private static boolean hasProduct(Model model) {
        return model.graph().nodes().stream().anyMatch(node -> node.op().equals("MatMul"));
    }

    private static Gate.Pair pair(Model model, Level level) {
        NavigableMap<String, Map<String, Tensor>> inputs = GeneratedInputs.of(Levels.declared(model, level), INPUTS, 1);
        return new Gate.Pair(model, level, model, model, level, inputs);
    }
}
