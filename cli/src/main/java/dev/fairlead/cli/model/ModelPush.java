package dev.fairlead.cli.model;

import dev.fairlead.cli.artifact.Uploader;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.proto.v1.CreateVersionRequest;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "push",
        description = "Uploads a model's folder as the next version of a model.",
        footer = {"", "Example:", "  fairlead model push digits ./model --suite ./suite"})
final class ModelPush extends ServerCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The model's name.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "FOLDER", description = "The model's folder, with its model.json.")
    private Path folder = Path.of("");

    @Option(names = "--suite", paramLabel = "FOLDER", description = "The version's golden inputs.")
    private @Nullable Path suite;

    ModelPush(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) throws InterruptedException {
        var request = CreateVersionRequest.newBuilder().setModel(name).setFormat(ModelFormats.of(folder));
        var uploader = new Uploader(connection, terminal());
        request.setTreeDigest(uploader.upload(folder).getDigest());
        if (suite != null) {
            request.setSuiteDigest(uploader.upload(suite).getDigest());
        }
        var version = connection.models().createVersion(request.build());
        if (json()) {
            printJson(version);
        } else {
            terminal().line(version.getModel() + "@" + version.getVersion());
        }
        return ExitCode.OK;
    }
}
