package dev.fairlead.cli.artifact;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "get",
        description = "Fetches a tree into a new folder.",
        footer = {"", "Example:", "  fairlead artifact get sha256:9f86d081… ./outputs"})
final class ArtifactGet extends ServerCommand {
    @Parameters(index = "0", paramLabel = "DIGEST", description = "The tree's digest.")
    private String digest = "";

    @Parameters(index = "1", paramLabel = "FOLDER", description = "The folder to make.")
    private Path folder = Path.of("");

    ArtifactGet(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        new Downloader(connection, terminal()).download(digest, folder);
        terminal().note("fetched " + folder);
        return ExitCode.OK;
    }
}
