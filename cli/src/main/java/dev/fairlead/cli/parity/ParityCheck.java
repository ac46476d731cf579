package dev.fairlead.cli.parity;

import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.policy.PolicyFile;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.terminal.OutputOption;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.check.ConversionCheck;
import dev.fairlead.parity.check.ConversionFault;
import dev.fairlead.parity.check.GeneratedInputs;
import dev.fairlead.parity.check.GoldenInputs;
import dev.fairlead.parity.compare.ReportText;
import dev.fairlead.parity.locate.Located;
import dev.fairlead.parity.locate.LocatedText;
import dev.fairlead.parity.verdict.Policy;
import dev.fairlead.parity.verdict.Report;
import dev.fairlead.parity.verdict.ReportJson;
import dev.fairlead.parity.verdict.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = {
            "Computes two local models in float64 on the same inputs and compares their outputs. Works offline.",
            "Where they differ it names the operation, the conversion rule and the line of the prototype.",
            "Exit codes: 0 passed, 1 failed, 2 inconclusive, 3 error."
        },
        footer = {
            "",
            "Examples:",
            "  fairlead parity check ./model ./model-onnx",
            "  fairlead parity check model.onnx model.mlpackage --inputs ./suite --save ./outputs"
        })
final class ParityCheck implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "SOURCE",
            description = "A model folder, an .onnx file, an .mlpackage or an .mlmodel.")
    private Path source = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "CANDIDATE",
            description = "What it was converted to, in any of these formats.")
    private Path candidate = Path.of("");

    @Option(
            names = "--inputs",
            paramLabel = "DIR",
            description = "A suite's folder with golden.safetensors. Default: inputs made from the source's signature.")
    @Nullable private Path inputs;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "A policy in YAML, see docs/concepts/parity.md. Default: 59 inputs, 1e-12.")
    @Nullable private Path policy;

    @Option(names = "--seed", paramLabel = "N", description = "Of the inputs that are made; default ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(
            names = "--save",
            paramLabel = "DIR",
            description = "Keeps both sides' outputs there, for fairlead parity recheck.")
    @Nullable private Path save;

    @Mixin
    private final OutputOption output = new OutputOption();

    private final Context context;

    /** Where the models part, once they were found to. */
    @Nullable private Located located;

    ParityCheck(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try {
            Policy rules = policy();
            Report report = Converter.read(source, one -> Converter.read(candidate, other -> check(one, other, rules)));
            context.terminal().line((output.json() ? ReportJson.write(report) : ReportText.of(report)).stripTrailing());
            if (located != null && !output.json()) {
                context.terminal().line("");
                LocatedText.of(located).forEach(context.terminal()::line);
            }
            return code(report.verdict());
        } catch (ModelException | UncheckedIOException | CommandFailure e) {
            // A policy that cannot be used is an error here; the code of wrong usage means inconclusive.
            context.terminal().note("error: " + e.getMessage());
            return code(Verdict.ERROR);
        }
    }

    private Report check(Model one, Model other, Policy rules) {
        try {
            Path folder = save == null ? Files.createTempDirectory("fairlead-check-") : Files.createDirectories(save);
            try {
                return check(one, other, rules, folder);
            } finally {
                if (save == null) {
                    delete(folder);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Report check(Model one, Model other, Policy rules, Path folder) throws IOException {
        if (inputs == null) {
            return run(one, other, GeneratedInputs.of(one, rules.requiredInputs(), seed), rules, folder);
        }
        try (GoldenInputs golden = GoldenInputs.open(inputs)) {
            return run(one, other, golden.cases(), rules, folder);
        }
    }

    private Report run(
            Model one, Model other, NavigableMap<String, Map<String, Tensor>> cases, Policy rules, Path folder)
            throws IOException {
        try (var progress = context.terminal().progress("comparing")) {
            Report report = ConversionCheck.run(
                    one,
                    other,
                    cases,
                    rules,
                    folder,
                    (done, all) -> progress.show((double) done / all, done + " of " + all + " inputs"));
            return report.verdict() == Verdict.FAILED ? located(one, other, cases, report) : report;
        }
    }

    /** The verdict stands whatever becomes of this. */
    private Report located(Model one, Model other, Map<String, Map<String, Tensor>> cases, Report report) {
        try {
            located = ConversionFault.locate(source, candidate, one, other, cases, report);
            return ConversionFault.explained(report, located);
        } catch (ModelException e) {
            context.terminal().note("the operation at fault was not searched for: " + e.getMessage());
            return report;
        }
    }

    private Policy policy() {
        if (policy == null) {
            return Policy.strict();
        }
        return PolicyFile.read(policy).policy();
    }

    private static int code(Verdict verdict) {
        return switch (verdict) {
            case PASSED -> 0;
            case FAILED -> 1;
            case INCONCLUSIVE -> 2;
            case ERROR -> 3;
        };
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
