package dev.fairlead.conformance.gate;

import dev.fairlead.conformance.Outcome;
import dev.fairlead.conformance.Suite;
import dev.fairlead.conformance.gate.Fault.Level;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.check.GeneratedInputs;
import dev.fairlead.parity.verdict.OutputVerdict;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Predicate;

/** A machine that computes the right graph in another way than it declares has to be told apart from a wrong graph. */
public final class ContractSuite implements Suite {
    private static final int INPUTS = 14;

    @Override
    public String name() {
        return "parity-contracts";
    }

    @Override
    public void run(Predicate<String> selected, Report report) {
        if (selected.test("tf32")) {
            report.add("tf32", tf32());
        }
    }

    /** Float32 products whose factors are cut to 11 bits. */
    private static Outcome tf32() {
        Model right = MachineFaults.float32();
        NavigableMap<String, Map<String, Tensor>> inputs = GeneratedInputs.of(right, INPUTS, 1);
        Gate.Pair pair = new Gate.Pair(right, Level.FLOAT32, right, MachineFaults.tf32(), Level.FLOAT32, inputs);
        return GateSuite.judged(() -> pair, judgement -> {
            List<OutputVerdict> outputs = judgement.candidateMachine().outputs();
            String code = outputs.getFirst().code();
            return code.equals("WrongPrecisionContract")
                            && outputs.getFirst().sentence().contains("TF32")
                    ? new Outcome.Passed()
                    : new Outcome.Failed(code + ": " + judgement.sentence());
        });
    }
}
