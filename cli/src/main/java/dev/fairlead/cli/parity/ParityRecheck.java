package dev.fairlead.cli.parity;

import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.terminal.OutputOption;
import dev.fairlead.parity.compare.Comparer;
import dev.fairlead.parity.compare.ReportText;
import dev.fairlead.parity.verdict.Policy;
import dev.fairlead.parity.verdict.Report;
import dev.fairlead.parity.verdict.ReportJson;
import dev.fairlead.parity.verdict.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "recheck",
        description = "Compares two folders of saved outputs again. Works offline; the exit code is the verdict.",
        footer = {
            "",
            "Examples:",
            "  fairlead artifact get sha256:9f86d081… ./reference",
            "  fairlead parity recheck ./reference ./candidate --nrmse float32=1e-5"
        })
final class ParityRecheck implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "REFERENCE", description = "Folder with the reference's outputs.")
    private Path reference = Path.of("");

    @Parameters(index = "1", paramLabel = "CANDIDATE", description = "Folder with the candidate's outputs.")
    private Path candidate = Path.of("");

    @Option(names = "--accept-stand-ins", description = "Lets results of stand-ins pass.")
    private boolean acceptStandIns;

    @Option(
            names = "--minimum-inputs",
            paramLabel = "N",
            description = "Fewer are inconclusive; default ${DEFAULT-VALUE}.")
    private int minimumInputs = Policy.DEFAULT_MINIMUM_INPUTS;

    @Option(
            names = "--nrmse",
            paramLabel = "DTYPE|OUTPUT=LIMIT",
            description = "Limit of the normalised RMSE; may be repeated.")
    private Map<String, Double> limits = Map.of();

    @Mixin
    private final OutputOption output = new OutputOption();

    private final Context context;

    ParityRecheck(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        for (var folder : new Path[] {reference, candidate}) {
            if (!Files.isDirectory(folder)) {
                throw CommandFailure.usage(folder + ": is no folder");
            }
        }
        var report = Comparer.compare(reference, candidate, policy());
        context.terminal().line((output.json() ? ReportJson.write(report) : ReportText.of(report)).stripTrailing());
        return outcome(report).number();
    }

    private Policy policy() {
        try {
            return new Policy(acceptStandIns, minimumInputs, limits);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()));
        }
    }

    private static ExitCode outcome(Report report) {
        return switch (report.verdict()) {
            case Verdict.PASSED -> ExitCode.OK;
            case Verdict.INCONCLUSIVE -> ExitCode.INCONCLUSIVE;
            case Verdict.FAILED, Verdict.ERROR -> ExitCode.FAILED;
        };
    }
}
