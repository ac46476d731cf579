package dev.fairlead.cli.promote;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.Table;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.Environment;
import dev.fairlead.proto.v1.ListEnvironmentsRequest;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

@Command(name = "ls", description = "Lists environments and their policies.")
final class EnvironmentLs extends ServerCommand {
    EnvironmentLs(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var answer = connection.promotions().listEnvironments(ListEnvironmentsRequest.getDefaultInstance());
        if (json()) {
            printJson(answer);
        } else {
            table(answer.getEnvironmentsList()).print(terminal(), "no environments");
        }
        return ExitCode.OK;
    }

    static Table table(List<Environment> environments) {
        var table = new Table(
                "ENVIRONMENT",
                "REFERENCE",
                "CANDIDATE",
                "FORMAT",
                "APPROVAL",
                "STAND-INS",
                "MIN INPUTS",
                "NRMSE LIMITS");
        environments.forEach(environment -> table.row(
                environment.getName(),
                environment.getReferencePool(),
                environment.getCandidatePool(),
                Words.of(environment.getTargetFormat()),
                environment.getPolicy().getApprovalRequired() ? "required" : "no",
                environment.getPolicy().getAcceptStandIns() ? "accepted" : "refused",
                Integer.toString(environment.getPolicy().getMinimumInputs()),
                environment.getPolicy().getNormalisedRmseMap().entrySet().stream()
                        .sorted(java.util.Map.Entry.comparingByKey())
                        .map(limit -> limit.getKey() + "=" + limit.getValue())
                        .collect(Collectors.joining(" "))));
        return table;
    }
}
