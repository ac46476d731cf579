package dev.fairlead.agent.artifact;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.machine.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;

/** A tree of files in canonical order; no path appears twice or lies under another file. */
public record Tree(List<TreeFile> files) {
    private static final int MOST_FILES = 1_000_000;
    private static final Comparator<TreeFile> BY_PATH_BYTES =
            (a, b) -> Arrays.compareUnsigned(utf8(a.path()), utf8(b.path()));

    public Tree {
        if (files.size() > MOST_FILES) {
            throw new AgentFailure(
                    FailureCode.BAD_ARTIFACT, "files: want at most " + MOST_FILES + ", got " + files.size());
        }
        files = files.stream().sorted(BY_PATH_BYTES).toList();
        var seen = new HashSet<String>();
        for (TreeFile file : files) {
            if (!seen.add(file.path())) {
                throw new AgentFailure(FailureCode.BAD_ARTIFACT, file.path() + ": appears twice");
            }
        }
        for (TreeFile file : files) {
            for (int slash = file.path().indexOf('/');
                    slash >= 0;
                    slash = file.path().indexOf('/', slash + 1)) {
                if (seen.contains(file.path().substring(0, slash))) {
                    throw new AgentFailure(FailureCode.BAD_ARTIFACT, file.path() + ": lies under a file");
                }
            }
        }
    }

    /** {@code <hex of blob> <size> <path>\n} for each file, sorted by path as UTF-8 bytes. */
    public String manifest() {
        var text = new StringBuilder();
        for (TreeFile file : files) {
            text.append(file.digest().hex())
                    .append(' ')
                    .append(file.size())
                    .append(' ')
                    .append(file.path())
                    .append('\n');
        }
        return text.toString();
    }

    public static Tree parse(String manifest) {
        var files = new ArrayList<TreeFile>();
        for (String line : manifest.split("\n", -1)) {
            if (line.isEmpty()) {
                continue;
            }
            String[] parts = line.split(" ", 3);
            if (parts.length != 3 || !parts[1].matches("[0-9]{1,18}")) {
                throw new AgentFailure(FailureCode.BAD_ARTIFACT, "manifest: malformed line");
            }
            files.add(new TreeFile(parts[2], new Digest(parts[0]), Long.parseLong(parts[1])));
        }
        return new Tree(files);
    }

    public Digest digest() {
        var hash = Digest.sha256();
        hash.update(utf8(manifest()));
        return Digest.finish(hash);
    }

    public Bytes size() {
        long total = 0;
        for (TreeFile file : files) {
            total = Math.addExact(total, file.size());
        }
        return new Bytes(total);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
