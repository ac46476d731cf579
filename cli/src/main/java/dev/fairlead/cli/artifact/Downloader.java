package dev.fairlead.cli.artifact;

import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.terminal.Progress;
import dev.fairlead.cli.terminal.Terminal;
import dev.fairlead.proto.v1.DownloadBlobRequest;
import dev.fairlead.proto.v1.GetTreeRequest;
import dev.fairlead.proto.v1.TreeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;

/** Fetches a tree into a new folder, verified file by file. */
public final class Downloader {
    private final Connection connection;
    private final Terminal terminal;

    public Downloader(Connection connection, Terminal terminal) {
        this.connection = connection;
        this.terminal = terminal;
    }

    /** The folder must not exist yet; it appears once all of it is there and right. */
    public void download(String digest, Path folder) {
        if (Files.exists(folder)) {
            throw new CommandFailure(ExitCode.CONFLICT, folder + ": exists already", "Name a folder that does not.");
        }
        var tree = connection
                .artifacts()
                .getTree(GetTreeRequest.newBuilder().setDigest(digest).build());
        try (var progress = terminal.progress("download")) {
            var parent = folder.toAbsolutePath().getParent();
            var partial = Files.createTempDirectory(parent == null ? Path.of(".") : parent, ".fairlead-download-");
            var done = 0L;
            for (var file : tree.getFilesList()) {
                fetch(partial, file, done, tree.getTotalBytes(), progress);
                done += file.getBlob().getSize();
            }
            Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, folder + ": cannot be written: " + e.getMessage(), "");
        }
    }

    private void fetch(Path root, TreeFile file, long before, long total, Progress progress) throws IOException {
        var target = root.resolve(safe(file.getPath()));
        Files.createDirectories(target.getParent());
        var sha = LocalTree.sha256();
        var done = before;
        try (var out = Files.newOutputStream(target)) {
            var chunks = connection
                    .artifactsStream()
                    .downloadBlob(DownloadBlobRequest.newBuilder()
                            .setDigest(file.getBlob().getDigest())
                            .build());
            while (chunks.hasNext()) {
                var data = chunks.next().getData();
                sha.update(data.asReadOnlyByteBuffer());
                data.writeTo(out);
                done += data.size();
                progress.bytes(done, total);
            }
        }
        if (!LocalTree.print(sha.digest()).equals(file.getBlob().getDigest())) {
            throw new CommandFailure(
                    ExitCode.INTERNAL, file.getPath() + ": arrived with another hash than its tree says", "");
        }
    }

    /** The server's paths are not trusted with the local disk. */
    private static Path safe(String path) {
        var parts = List.of(path.split("/", -1));
        if (path.contains("\\")
                || parts.stream().anyMatch(part -> Arrays.asList("", ".", "..").contains(part))) {
            throw new CommandFailure(ExitCode.INTERNAL, "path: \"" + path + "\" leaves its folder", "");
        }
        return Path.of(path);
    }
}
