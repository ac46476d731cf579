package dev.fairlead.conformance.gate;

import dev.fairlead.conformance.Outcome;
import dev.fairlead.conformance.Tally;
import dev.fairlead.parity.verdict.Claim;
import dev.fairlead.parity.verdict.Verdict;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fairlead parity selftest}. Exits with 1 where the gate was wrong. */
@Command(
        name = "fairlead parity selftest",
        mixinStandardHelpOptions = true,
        description = {
            "Puts seeded faults, their clean twins and clean random graphs before the parity gate.",
            "ONNX Runtime on the CPU stands in for both machines."
        })
public final class Selftest implements Callable<Integer> {
    @Spec
    @Nullable private CommandSpec spec;

    @Option(names = "--case", paramLabel = "PATTERN", description = "Only cases in whose name this is found.")
    @Nullable private Pattern pattern;

    @Option(names = "--pairs", paramLabel = "N", description = "Random graphs at each precision; ${DEFAULT-VALUE}.")
    // Some more than the 299 that bound the rate of false alarms by 1 %, for some have no kernel.
    private int pairs = 310;

    @Option(names = "--verbose", description = "Prints every case.")
    private boolean verbose;

    /** Starts the program. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Selftest()).execute(arguments));
    }

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        List<Trial> seeded = Corpus.seeded();
        Tally faults = new Tally("seeded faults found");
        Tally named = new Tally("operations named");
        Tally twins = new Tally("clean twins passed");
        Tally clean = new Tally("clean random graphs passed");
        Tally contracts = new Tally("other ways of computing named");
        for (Trial trial : seeded) {
            if (trial.isFault()) {
                run(trial, faults, one -> found(one, named), out);
            } else {
                run(trial, twins, Trial::outcome, out);
            }
        }
        for (Trial trial : Corpus.random(pairs)) {
            run(trial, clean, Trial::outcome, out);
        }
        run(Corpus.tf32(), contracts, Selftest::contract, out);
        int passed = 0;
        int failed = 0;
        for (Tally tally : List.of(faults, named, twins, clean, contracts)) {
            tally.lines().forEach(out::println);
            passed += tally.passed();
            failed += tally.failed();
        }
        int pairsSeen = twins.passed() + twins.failed() + clean.passed() + clean.failed();
        out.println("false alarms: "
                + Claim.of(pairsSeen, twins.failed() + clean.failed()).sentence());
        out.println("%d passed, %d failed".formatted(passed, failed));
        out.flush();
        return failed == 0 ? 0 : 1;
    }

    private void run(Trial trial, Tally tally, Function<Trial, Outcome> judge, PrintWriter out) {
        if (pattern != null && !pattern.matcher(trial.name()).find()) {
            return;
        }
        Outcome outcome = judge.apply(trial);
        tally.add(trial.name(), outcome);
        if (verbose) {
            out.println("  " + trial.name() + ": " + outcome);
            out.flush();
        }
    }

    /** Whether a fault is found, and apart from that whether its operation is named. */
    private static Outcome found(Trial trial, Tally named) {
        return trial.outcome(report -> {
            if (report.verdict() != Verdict.FAILED) {
                return new Outcome.Failed(report.sentence());
            }
            named.add(trial.name(), trial.naming(report));
            return new Outcome.Passed();
        });
    }

    private static Outcome contract(Trial trial) {
        return trial.outcome(report -> {
            var output = report.outputs().getFirst();
            return output.code().equals("WrongPrecisionContract")
                            && output.sentence().contains("TF32")
                    ? new Outcome.Passed()
                    : new Outcome.Failed(output.code() + ": " + report.sentence());
        });
    }
}
