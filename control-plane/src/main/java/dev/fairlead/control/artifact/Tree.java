package dev.fairlead.control.artifact;

import java.time.Instant;
import java.util.List;

/**
 * A committed tree.
 *
 * @param digest of its manifest, see {@link Manifest}
 * @param files sorted by path as UTF-8 bytes
 */
public record Tree(Digest digest, List<TreeFile> files, Instant committedAt) {
    public Tree {
        files = List.copyOf(files);
    }

    /** The sum of all files' sizes; a blob used twice counts twice. */
    public long totalBytes() {
        return files.stream().mapToLong(TreeFile::size).sum();
    }
}
