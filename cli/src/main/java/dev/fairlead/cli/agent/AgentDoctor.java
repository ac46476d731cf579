package dev.fairlead.cli.agent;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.terminal.Table;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "doctor", description = "Checks whether this machine can run a control plane and agents.")
final class AgentDoctor implements Callable<Integer> {
    private final Context context;

    AgentDoctor(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var checks = new MachineChecks(context).run();
        var table = new Table("CHECK", "RESULT", "FOUND");
        checks.forEach(check -> table.row(check.name(), check.result().word(), check.found()));
        table.print(context.terminal(), "");
        var missing = checks.stream().anyMatch(check -> check.result() == MachineChecks.Result.MISSING);
        return (missing ? ExitCode.FAILED : ExitCode.OK).number();
    }
}
