package dev.fairlead.control.artifact;

/**
 * A file of a tree.
 *
 * @param path relative, {@code /}-separated; see {@link TreePaths}
 * @param digest of its bytes
 * @param size bytes
 */
public record TreeFile(String path, Digest digest, long size) {
    public TreeFile {
        if (size < 0) {
            throw new IllegalArgumentException("size of '" + path + "' is negative: " + size);
        }
    }
}
