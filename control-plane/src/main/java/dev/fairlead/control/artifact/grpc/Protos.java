package dev.fairlead.control.artifact.grpc;

import com.google.protobuf.Timestamp;
import dev.fairlead.control.artifact.BlobRef;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.artifact.Tree;
import dev.fairlead.control.artifact.TreeFile;
import dev.fairlead.control.artifact.TreeSummary;
import dev.fairlead.control.error.FairleadException;
import java.time.Instant;

/** Between the messages of artifacts.proto and the records of this feature. */
final class Protos {
    private Protos() {}

    static BlobRef blob(dev.fairlead.proto.v1.BlobRef message, String field) {
        Digest digest = Digest.parse(message.getDigest(), field + ".digest");
        return new BlobRef(digest, size(message.getSize(), field + ".size"));
    }

    static TreeFile file(dev.fairlead.proto.v1.TreeFile message, int index) {
        BlobRef blob = blob(message.getBlob(), "files[" + index + "].blob");
        return new TreeFile(message.getPath(), blob.digest(), blob.size());
    }

    /** The wire's unsigned number as a long. */
    static long size(long unsigned, String field) {
        if (unsigned < 0) {
            throw FairleadException.invalid(field, "is larger than 2^63-1: " + Long.toUnsignedString(unsigned));
        }
        return unsigned;
    }

    static dev.fairlead.proto.v1.Tree tree(Tree tree) {
        dev.fairlead.proto.v1.Tree.Builder message = dev.fairlead.proto.v1.Tree.newBuilder()
                .setDigest(tree.digest().toString())
                .setTotalBytes(tree.totalBytes())
                .setCommittedAt(timestamp(tree.committedAt()));
        for (TreeFile file : tree.files()) {
            message.addFiles(dev.fairlead.proto.v1.TreeFile.newBuilder()
                    .setPath(file.path())
                    .setBlob(dev.fairlead.proto.v1.BlobRef.newBuilder()
                            .setDigest(file.digest().toString())
                            .setSize(file.size())));
        }
        return message.build();
    }

    static dev.fairlead.proto.v1.Tree summary(TreeSummary tree) {
        return dev.fairlead.proto.v1.Tree.newBuilder()
                .setDigest(tree.digest().toString())
                .setTotalBytes(tree.totalBytes())
                .setCommittedAt(timestamp(tree.committedAt()))
                .build();
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
