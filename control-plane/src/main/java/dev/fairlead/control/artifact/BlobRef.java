package dev.fairlead.control.artifact;

/**
 * A blob by content.
 *
 * @param size bytes
 */
public record BlobRef(Digest digest, long size) {
    public BlobRef {
        if (size < 0) {
            throw new IllegalArgumentException("size of " + digest + " is negative: " + size);
        }
    }
}
