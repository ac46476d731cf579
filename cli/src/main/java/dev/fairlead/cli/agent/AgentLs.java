package dev.fairlead.cli.agent;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.Table;
import dev.fairlead.cli.terminal.Units;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.Agent;
import dev.fairlead.proto.v1.ListAgentsRequest;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "ls", description = "Lists the fleet: what each agent is, and what it runs.")
final class AgentLs extends ServerCommand {
    @Option(names = "--pool", paramLabel = "POOL", description = "Only this pool.")
    private String pool = "";

    @Option(names = "--watch", description = "Repeats the list every two seconds until interrupted.")
    private boolean watch;

    AgentLs(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) throws InterruptedException {
        show(connection);
        while (watch) {
            context().pause().seconds(2);
            terminal().line("");
            show(connection);
        }
        return ExitCode.OK;
    }

    private void show(Connection connection) {
        var answer = connection
                .agents()
                .list(ListAgentsRequest.newBuilder().setPool(pool).build());
        if (json()) {
            printJson(answer, watch ? JsonLayout.LINE : JsonLayout.INDENTED);
        } else {
            table(answer.getAgentsList(), context().clock().instant()).print(terminal(), "no agents");
        }
    }

    static Table table(List<Agent> agents, Instant now) {
        var table = new Table("AGENT", "POOL", "STATE", "DEVICES", "BUDGET", "RUNNING", "SEEN", "NOTE");
        for (var agent : agents) {
            var machine = agent.getMachine();
            var note = machine.getStandIn() ? "stand-in" : "";
            var reason = agent.hasReason() ? Words.of(agent.getReason()) : machine.getNote();
            table.row(
                    agent.getName(),
                    agent.getPool(),
                    Words.of(agent.getState()),
                    machine.getDevicesList().stream()
                            .map(device -> device.getProduct().isEmpty() ? device.getId() : device.getProduct())
                            .collect(Collectors.joining(", ")),
                    machine.getDevicesList().stream()
                            .map(device -> Units.bytes(device.getBudgetBytes()))
                            .collect(Collectors.joining(", ")),
                    Integer.toString(agent.getRunningJobsCount()),
                    Words.age(agent.getLastSeenAt(), now),
                    note.isEmpty() || reason.isEmpty() || reason.startsWith(note)
                            ? (reason.isEmpty() ? note : reason)
                            : note + "; " + reason);
        }
        return table;
    }
}
