package dev.fairlead.cli.job;

import dev.fairlead.cli.artifact.Uploader;
import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.terminal.Terminal;
import dev.fairlead.proto.v1.JobInput;
import dev.fairlead.proto.v1.JobSpec;
import java.nio.file.Files;
import java.nio.file.Path;

/** Replaces the local folders in a job file's inputs by the digests of their uploaded trees. */
public final class JobFiles {
    private final Connection connection;
    private final Terminal terminal;
    private final Path base;

    /** Relative folders are those below `base`: the folder that the command runs in. */
    public JobFiles(Connection connection, Terminal terminal, Path base) {
        this.connection = connection;
        this.terminal = terminal;
        this.base = base;
    }

    public JobSpec resolve(JobSpec file) throws InterruptedException {
        var spec = file.toBuilder();
        for (var index = 0; index < spec.getInputsCount(); index++) {
            var input = spec.getInputs(index);
            if (isLocal(input.getRef())) {
                spec.setInputs(index, upload(input, "inputs[" + index + "].ref"));
            }
        }
        return spec.build();
    }

    /** A ref that begins with a dot or a slash is a folder; no name or digest does. */
    public static boolean isLocal(String ref) {
        return ref.startsWith(".") || ref.startsWith("/");
    }

    private JobInput upload(JobInput input, String field) throws InterruptedException {
        var folder = base.resolve(input.getRef()).normalize();
        if (!Files.isDirectory(folder)) {
            throw CommandFailure.usage(field + ": " + folder + " is no folder");
        }
        var tree = new Uploader(connection, terminal).upload(folder);
        return input.toBuilder().setRef(tree.getDigest()).build();
    }
}
