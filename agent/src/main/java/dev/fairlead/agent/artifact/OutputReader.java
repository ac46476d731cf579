package dev.fairlead.agent.artifact;

import dev.fairlead.agent.artifact.Artifacts.OutputFolder;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Reads the folders that an untrusted process left: follows no link, keeps regular files only. */
public final class OutputReader {
    private static final int BUFFER = 1 << 20;

    private OutputReader() {}

    /**
     * Hashes each file of {@code folder}.
     *
     * @throws AgentFailure BAD_OUTPUT for a link, a device, a socket or a name that a tree cannot hold
     */
    public static OutputFolder read(String output, Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new AgentFailure(FailureCode.BAD_OUTPUT, "outputs/" + output + ": is not a folder");
        }
        List<TreeFile> files = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String path = folder.relativize(file).toString();
                if (!attributes.isRegularFile()) {
                    throw new AgentFailure(
                            FailureCode.BAD_OUTPUT,
                            "outputs/" + output + "/" + path + ": is "
                                    + (attributes.isSymbolicLink() ? "a symbolic link" : "a special file")
                                    + "; only regular files are kept");
                }
                files.add(hash(output, path, file));
                return FileVisitResult.CONTINUE;
            }
        });
        return new OutputFolder(folder, new Tree(files));
    }

    private static TreeFile hash(String output, String path, Path file) throws IOException {
        var hash = Digest.sha256();
        long size = 0;
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            var buffer = ByteBuffer.allocate(BUFFER);
            while (channel.read(buffer) >= 0) {
                buffer.flip();
                size += buffer.remaining();
                hash.update(buffer);
                buffer.clear();
            }
        }
        try {
            return new TreeFile(path, Digest.finish(hash), size);
        } catch (AgentFailure e) {
            throw new AgentFailure(FailureCode.BAD_OUTPUT, "outputs/" + output + ": " + e.getMessage(), e);
        }
    }
}
