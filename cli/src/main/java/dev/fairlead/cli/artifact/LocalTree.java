package dev.fairlead.cli.artifact;

import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.proto.v1.BlobRef;
import dev.fairlead.proto.v1.TreeFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * A local folder as a tree: its files sorted by path as UTF-8 bytes, hashed.
 *
 * @param digest the tree's digest, as artifacts.proto defines it
 */
public record LocalTree(Path folder, List<TreeFile> files, String digest, long totalBytes) {
    private static final Set<String> SKIPPED =
            Set.of("__pycache__", ".git", ".venv", ".pytest_cache", ".ipynb_checkpoints", ".DS_Store");
    private static final int BUFFER = 1 << 20;

    public LocalTree {
        files = List.copyOf(files);
    }

    /** Reads every file once; `hashed` hears of bytes as they go by. Links and special files are refused. */
    public static LocalTree scan(Path folder, LongConsumer hashed) {
        if (!Files.isDirectory(folder)) {
            throw CommandFailure.usage(folder + ": is no folder");
        }
        try {
            var files = new ArrayList<TreeFile>();
            for (var file : list(folder)) {
                files.add(hash(folder, file, hashed));
            }
            files.sort(Comparator.comparing(
                    file -> file.getPath().getBytes(StandardCharsets.UTF_8), java.util.Arrays::compareUnsigned));
            if (files.isEmpty()) {
                throw CommandFailure.usage(folder + ": holds no files");
            }
            var total =
                    files.stream().mapToLong(file -> file.getBlob().getSize()).sum();
            return new LocalTree(folder, files, digest(files), total);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, folder + ": cannot be read: " + e.getMessage(), "");
        }
    }

    /** The digest of the canonical manifest of files sorted by path. */
    static String digest(List<TreeFile> sorted) {
        var manifest = new StringBuilder();
        for (var file : sorted) {
            manifest.append(
                            file.getBlob().getDigest(),
                            "sha256:".length(),
                            file.getBlob().getDigest().length())
                    .append(' ')
                    .append(file.getBlob().getSize())
                    .append(' ')
                    .append(file.getPath())
                    .append('\n');
        }
        return print(sha256().digest(manifest.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Path> list(Path folder) throws IOException {
        var found = new ArrayList<Path>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                return !dir.equals(folder) && skipped(dir) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (skipped(file)) {
                    return FileVisitResult.CONTINUE;
                }
                if (!attributes.isRegularFile()) {
                    throw CommandFailure.usage(
                            file + ": is " + (attributes.isSymbolicLink() ? "a link" : "a special file")
                                    + "; an artifact holds plain files only");
                }
                found.add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private static boolean skipped(Path path) {
        var name = String.valueOf(path.getFileName());
        return SKIPPED.contains(name) || name.endsWith(".pyc") || name.endsWith("~");
    }

    private static TreeFile hash(Path folder, Path file, LongConsumer hashed) throws IOException {
        var sha = sha256();
        var size = 0L;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            var buffer = new byte[BUFFER];
            for (var n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha.update(buffer, 0, n);
                size += n;
                hashed.accept(n);
            }
        }
        var names = new ArrayList<String>();
        folder.relativize(file).forEach(name -> names.add(name.toString()));
        return TreeFile.newBuilder()
                .setPath(String.join("/", names))
                .setBlob(BlobRef.newBuilder().setDigest(print(sha.digest())).setSize(size))
                .build();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException("every JDK has SHA-256", e));
        }
    }

    static String print(byte[] hash) {
        return "sha256:" + HexFormat.of().formatHex(hash);
    }
}
