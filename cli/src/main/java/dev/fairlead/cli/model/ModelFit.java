package dev.fairlead.cli.model;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.Table;
import dev.fairlead.cli.terminal.Units;
import dev.fairlead.proto.v1.Agent;
import dev.fairlead.proto.v1.Device;
import dev.fairlead.proto.v1.GetTreeRequest;
import dev.fairlead.proto.v1.ListAgentsRequest;
import dev.fairlead.proto.v1.ResolveModelRequest;
import dev.fairlead.proto.v1.Tree;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "fit",
        description = "Says on which devices a model's weights fit.",
        footer = {"", "Only the weights are counted: activations and caches come on top."})
final class ModelFit extends ServerCommand {
    @Parameters(index = "0", paramLabel = "REF", description = "name@version, name@alias or a digest.")
    private String ref = "";

    ModelFit(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var version = connection
                .models()
                .resolve(ResolveModelRequest.newBuilder().setRef(ref).build());
        var tree = connection
                .artifacts()
                .getTree(GetTreeRequest.newBuilder()
                        .setDigest(version.getTreeDigest())
                        .build());
        var agents = connection.agents().list(ListAgentsRequest.getDefaultInstance());
        if (json()) {
            printJson(agents);
            return ExitCode.OK;
        }
        var weights = weights(tree);
        terminal().line(ref + ": " + Units.bytes(weights) + " of weights");
        table(weights, agents.getAgentsList()).print(terminal(), "no agents");
        return ExitCode.OK;
    }

    /** Bytes of everything but descriptions. */
    static long weights(Tree tree) {
        return tree.getFilesList().stream()
                .filter(file -> !file.getPath().endsWith(".json"))
                .mapToLong(file -> file.getBlob().getSize())
                .sum();
    }

    static Table table(long weights, List<Agent> agents) {
        var table = new Table("AGENT", "DEVICE", "BUDGET", "FREE", "FITS", "LEFT");
        for (var agent : agents) {
            for (var device : agent.getMachine().getDevicesList()) {
                table.row(
                        agent.getName(),
                        device.getId() + " " + device.getProduct(),
                        Units.bytes(device.getBudgetBytes()),
                        Units.bytes(device.getFreeBytes()),
                        fits(weights, device),
                        device.getBudgetBytes() < weights ? "" : Units.bytes(device.getBudgetBytes() - weights));
            }
        }
        return table;
    }

    private static String fits(long weights, Device device) {
        if (device.getBudgetBytes() < weights) {
            return "no";
        }
        return device.getFreeBytes() < weights ? "not now" : "yes";
    }
}
