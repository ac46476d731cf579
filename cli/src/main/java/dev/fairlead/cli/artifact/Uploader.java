package dev.fairlead.cli.artifact;

import com.google.protobuf.ByteString;
import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.terminal.Terminal;
import dev.fairlead.cli.terminal.Units;
import dev.fairlead.proto.v1.BlobRef;
import dev.fairlead.proto.v1.CommitTreeRequest;
import dev.fairlead.proto.v1.MissingRequest;
import dev.fairlead.proto.v1.Tree;
import dev.fairlead.proto.v1.TreeFile;
import dev.fairlead.proto.v1.UploadChunk;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/** Sends a local folder to the artifact store: only the blobs that it lacks, each from where an earlier upload was cut. */
public final class Uploader {
    private static final int CHUNK = 512 * 1024;
    private static final int TRIES = 5;

    private final Connection connection;
    private final Terminal terminal;

    public Uploader(Connection connection, Terminal terminal) {
        this.connection = connection;
        this.terminal = terminal;
    }

    /** Hashes, uploads and commits; the same folder twice sends nothing twice. */
    public Tree upload(Path folder) throws InterruptedException {
        try (var progress = terminal.progress("hash " + folder)) {
            var tree = LocalTree.scan(folder, new LongConsumer() {
                private long done;

                @Override
                public void accept(long bytes) {
                    done += bytes;
                    progress.show(-1, Units.bytes(done));
                }
            });
            return upload(tree);
        }
    }

    private Tree upload(LocalTree tree) throws InterruptedException {
        for (var attempt = 1; ; attempt++) {
            try {
                send(tree);
                return connection
                        .artifacts()
                        .commitTree(CommitTreeRequest.newBuilder()
                                .addAllFiles(tree.files())
                                .setDigest(tree.digest())
                                .build());
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() != Status.Code.UNAVAILABLE || attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    private void send(LocalTree tree) throws InterruptedException {
        var files = new LinkedHashMap<String, TreeFile>();
        tree.files().forEach(file -> files.putIfAbsent(file.getBlob().getDigest(), file));
        var request = MissingRequest.newBuilder();
        files.values().forEach(file -> request.addBlobs(file.getBlob()));
        var missing = connection.artifacts().withWaitForReady().missing(request.build());
        var total = bytes(
                files,
                missing.getMissingList().stream().map(blob -> blob.getDigest()).toList());
        try (var progress = terminal.progress("upload " + tree.folder())) {
            var sent = new LongConsumer() {
                private long done;

                @Override
                public void accept(long bytes) {
                    done += bytes;
                    progress.bytes(done, total);
                }
            };
            for (var blob : missing.getMissingList()) {
                var file = files.get(blob.getDigest());
                if (file == null) {
                    throw new CommandFailure(
                            ExitCode.INTERNAL, "the server misses " + blob.getDigest() + ", which was not offered", "");
                }
                sent.accept(blob.getReceived());
                sendBlob(tree.folder().resolve(file.getPath()), file.getBlob(), blob.getReceived(), sent);
            }
        }
    }

    private static long bytes(Map<String, TreeFile> files, Iterable<String> digests) {
        var total = 0L;
        for (var digest : digests) {
            var file = files.get(digest);
            total += file == null ? 0 : file.getBlob().getSize();
        }
        return total;
    }

    private void sendBlob(Path file, BlobRef blob, long from, LongConsumer sent) throws InterruptedException {
        var stream = new UploadStream();
        var requests = connection.artifactsUpload().uploadBlob(stream);
        try (var channel = FileChannel.open(file)) {
            var buffer = ByteBuffer.allocate(CHUNK);
            var offset = from;
            do {
                buffer.clear();
                channel.read(buffer, offset);
                buffer.flip();
                if (!stream.awaitReady()) {
                    break;
                }
                var chunk = UploadChunk.newBuilder().setOffset(offset).setData(ByteString.copyFrom(buffer));
                requests.onNext((offset == from ? chunk.setBlob(blob) : chunk).build());
                offset += chunk.getData().size();
                sent.accept(chunk.getData().size());
                if (chunk.getData().isEmpty() && offset < blob.getSize()) {
                    requests.onError(Status.CANCELLED.asRuntimeException());
                    throw CommandFailure.usage(file + ": became shorter while it was uploaded");
                }
            } while (offset < blob.getSize());
            if (stream.awaitReady()) {
                requests.onCompleted();
            }
        } catch (IOException e) {
            requests.onError(Status.CANCELLED.withCause(e).asRuntimeException());
            throw new CommandFailure(ExitCode.FAILED, file + ": cannot be read: " + e.getMessage(), "");
        }
        try {
            stream.awaitEnd();
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.DATA_LOSS) {
                throw new CommandFailure(
                        ExitCode.FAILED,
                        file + ": changed while it was uploaded",
                        "run the command again once nothing writes into the folder");
            }
            throw e;
        }
    }
}
