package dev.fairlead.cli;

import dev.fairlead.cli.agent.AgentCommand;
import dev.fairlead.cli.artifact.ArtifactCommand;
import dev.fairlead.cli.demo.DemoCommand;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.job.JobCommand;
import dev.fairlead.cli.local.UpCommand;
import dev.fairlead.cli.model.ModelCommand;
import dev.fairlead.cli.parity.ParityCommand;
import dev.fairlead.cli.promote.EnvironmentCommand;
import dev.fairlead.cli.promote.PromoteCommand;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.token.TokenCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** `fairlead`: nouns, then verbs. */
@Command(
        name = "fairlead",
        description = "Leads a model from the Mac it was prototyped on to the CUDA cluster it will serve from, "
                + "and proves that it is still the same model.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "The launcher itself also knows:",
            "  test [GROUP…]                everything CI runs, or the groups named",
            "  bench [NAME…] [--json FILE]  the benchmarks",
            "",
            "Exit codes: 0 done, 1 it failed, 2 usage, 3 control plane not reachable,",
            "  4 denied, 5 not found, 6 conflict or wrong state, 7 inconclusive, 8 internal."
        })
final class FairleadCommand {
    private static final String VERSION = "fairlead 0.1.0";

    private FairleadCommand() {}

    static CommandLine of(Context context) {
        var line = new CommandLine(new FairleadCommand())
                .addSubcommand(new DemoCommand(context))
                .addSubcommand(new UpCommand(context))
                .addSubcommand(AgentCommand.of(context))
                .addSubcommand(JobCommand.of(context))
                .addSubcommand(ModelCommand.of(context))
                .addSubcommand(ParityCommand.of(context))
                .addSubcommand(PromoteCommand.of(context))
                .addSubcommand(EnvironmentCommand.of(context))
                .addSubcommand(ArtifactCommand.of(context))
                .addSubcommand(TokenCommand.of(context))
                .addSubcommand(new Completion(context));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.setOut(context.terminal().out());
        line.setErr(context.terminal().err());
        line.setExecutionExceptionHandler(new FailureReport(context.terminal()));
        line.setParameterExceptionHandler(new UsageReport(context.terminal()));
        help(line);
        return line;
    }

    /** Gives each command `--help`, and groups without a verb their help as well. */
    private static void help(CommandLine line) {
        line.getCommandSpec().mixinStandardHelpOptions(true).version(VERSION);
        line.getSubcommands().values().forEach(FairleadCommand::help);
    }

    static int execute(Context context, String... arguments) {
        var line = of(context);
        if (arguments.length == 0) {
            line.usage(context.terminal().out());
            context.terminal().out().flush();
            return ExitCode.USAGE.number();
        }
        return line.execute(arguments);
    }
}
