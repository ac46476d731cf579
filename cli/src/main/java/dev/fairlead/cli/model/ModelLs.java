package dev.fairlead.cli.model;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.Table;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.ListModelsRequest;
import dev.fairlead.proto.v1.Model;
import dev.fairlead.proto.v1.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

@Command(name = "ls", description = "Lists models, their versions, and the aliases that point at them.")
final class ModelLs extends ServerCommand {
    ModelLs(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var answer = connection.models().list(ListModelsRequest.getDefaultInstance());
        if (json()) {
            printJson(answer);
        } else {
            table(answer.getModelsList(), context().clock().instant()).print(terminal(), "no models");
        }
        return ExitCode.OK;
    }

    static Table table(List<Model> models, Instant now) {
        var table = new Table("MODEL", "FORMAT", "TREE", "SUITE", "AGE", "ALIASES");
        for (var model : models) {
            for (var version : model.getVersionsList()) {
                table.row(
                        model.getName() + "@" + version.getVersion(),
                        Words.of(version.getFormat()),
                        Words.shortDigest(version.getTreeDigest()),
                        Words.shortDigest(version.getSuiteDigest()),
                        Words.age(version.getCreatedAt(), now),
                        aliases(model, version));
            }
        }
        return table;
    }

    private static String aliases(Model model, ModelVersion version) {
        return model.getAliasesList().stream()
                .filter(alias -> alias.getVersion() == version.getVersion())
                .map(alias -> alias.getName() + " (" + Words.of(alias.getFormat()) + " "
                        + Words.shortDigest(alias.getTreeDigest()) + ")")
                .collect(Collectors.joining(", "));
    }
}
