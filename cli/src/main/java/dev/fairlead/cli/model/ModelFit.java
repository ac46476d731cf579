package dev.fairlead.cli.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.Table;
import dev.fairlead.cli.terminal.Units;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.folder.Footprint;
import dev.fairlead.model.folder.OutlineReader;
import dev.fairlead.proto.v1.Agent;
import dev.fairlead.proto.v1.Device;
import dev.fairlead.proto.v1.GetTreeRequest;
import dev.fairlead.proto.v1.ListAgentsRequest;
import dev.fairlead.proto.v1.ResolveModelRequest;
import dev.fairlead.proto.v1.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "fit",
        description = "Says how much memory a model needs, and on which devices its weights fit.",
        footer = {
            "",
            "Of a version in the registry only the weights are counted: activations and caches come on top.",
            "Of a local model all three are, offline, for sizes given with --size."
        })
final class ModelFit extends ServerCommand {
    @Parameters(
            index = "0",
            paramLabel = "REF",
            description = "name@version, name@alias, a digest, or a local file or folder.")
    private String ref = "";

    @Option(
            names = "--size",
            paramLabel = "NAME=N",
            description = "The size of a symbol in the inputs' shapes, such as batch=8.")
    private Map<String, Long> sizes = new LinkedHashMap<>();

    ModelFit(Context context) {
        super(context);
    }

    @Override
    protected Optional<ExitCode> offline() {
        var path = Path.of(ref);
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try {
            var outline = OutlineReader.read(path);
            if (outline.steps().isEmpty()) {
                showWeights(outline.weightBytes());
            } else {
                show(Converter.read(path, model -> Footprint.of(model, sizes)));
            }
            return Optional.of(ExitCode.OK);
        } catch (ModelException e) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), "");
        }
    }

    private void showWeights(long bytes) {
        if (json()) {
            terminal()
                    .line(new ObjectMapper()
                            .createObjectNode()
                            .put("weight_bytes", bytes)
                            .toPrettyString());
        } else {
            terminal().line("weights      " + Units.bytes(bytes));
            terminal().line("a file of tensors has no graph: activations and caches are not known");
        }
    }

    private void show(Footprint footprint) {
        var total = footprint.weights() + footprint.activations() + footprint.cache();
        if (json()) {
            terminal()
                    .line(new ObjectMapper()
                            .createObjectNode()
                            .put("weight_bytes", footprint.weights())
                            .put("activation_bytes", footprint.activations())
                            .put("cache_bytes", footprint.cache())
                            .put("total_bytes", total)
                            .put("uncounted_values", footprint.unknown())
                            .toPrettyString());
            return;
        }
        var table = new Table("AGENT", "MEMORY", "WEIGHTS", "ACTIVATIONS", "CACHE", "TOTAL");
        for (var kind : List.of(List.of("mac", "unified"), List.of("cuda", "GPU"))) {
            table.row(
                    kind.get(0),
                    kind.get(1),
                    Units.bytes(footprint.weights()),
                    Units.bytes(footprint.activations()),
                    Units.bytes(footprint.cache()),
                    Units.bytes(total));
        }
        table.print(terminal(), "");
        if (footprint.unknown() > 0) {
            terminal().line("at least: the sizes of " + footprint.unknown() + " values are known only when it runs");
        }
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
