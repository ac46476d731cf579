package dev.fairlead.cli.job;

import dev.fairlead.cli.server.Context;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** `fairlead job …`. */
@Command(name = "job", description = "Jobs: plan, submit, follow, cancel.", synopsisSubcommandLabel = "COMMAND")
public final class JobCommand {
    private JobCommand() {}

    public static CommandLine of(Context context) {
        return new CommandLine(new JobCommand())
                .addSubcommand(new JobPlan(context))
                .addSubcommand(new JobSubmit(context))
                .addSubcommand(new JobPs(context))
                .addSubcommand(new JobWatch(context))
                .addSubcommand(new JobLogs(context))
                .addSubcommand(new JobCancel(context));
    }
}
