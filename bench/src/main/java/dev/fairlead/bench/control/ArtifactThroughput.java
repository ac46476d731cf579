package dev.fairlead.bench.control;

import com.google.protobuf.UnsafeByteOperations;
import dev.fairlead.bench.Benchmark;
import dev.fairlead.bench.Scale;
import dev.fairlead.proto.v1.ArtifactsGrpc;
import dev.fairlead.proto.v1.BlobRef;
import dev.fairlead.proto.v1.CommitTreeRequest;
import dev.fairlead.proto.v1.TreeFile;
import dev.fairlead.proto.v1.UploadBlobResponse;
import dev.fairlead.proto.v1.UploadChunk;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bytes per second of an upload through gRPC into the artifact store, hashed, durable and committed as a tree, against a
 * copy of the same bytes to the same disk with SHA-256 and fsync. Both read from memory. The digest that an uploader
 * names is computed before the clock starts: what is measured is the store.
 */
public final class ArtifactThroughput implements Benchmark {
    public static final String NAME = "artifact-throughput";

    private static final int CHUNK = 1 << 20;
    private static final long PATIENCE_SECONDS = 120;
    private static final double MEGA = 1e6;

    private final byte[] content;
    private long measurement;
    private @Nullable ControlPlane controlPlane;

    /** 128 MiB a measurement, 8 MiB in a quick run. */
    public ArtifactThroughput(Scale scale) {
        content = new byte[scale.pick(128, 8) * CHUNK];
        new SplittableRandom(1).nextBytes(content);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String unit() {
        return "x rate of a copy with SHA-256 and fsync";
    }

    @Override
    public double target() {
        return 0.8;
    }

    @Override
    public Better better() {
        return Better.HIGHER;
    }

    @Override
    public String measure() {
        return "MB/s";
    }

    @Override
    public void prepare() throws IOException {
        controlPlane = ControlPlane.start();
    }

    @Override
    public double subject() throws Exception {
        ControlPlane server = running();
        ByteBuffer.wrap(content).putLong(0, ++measurement);
        BlobRef blob = BlobRef.newBuilder()
                .setDigest("sha256:" + HexFormat.of().formatHex(sha256().digest(content)))
                .setSize(content.length)
                .build();
        long start = System.nanoTime();
        Upload upload = new Upload(content, blob);
        ArtifactsGrpc.newStub(server.channel())
                .withCallCredentials(server.admin())
                .uploadBlob(upload);
        UploadBlobResponse response = upload.response.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!response.getComplete()) {
            throw new IOException("upload: " + response.getReceived() + " of " + content.length + " bytes arrived");
        }
        var tree = ArtifactsGrpc.newBlockingStub(server.channel())
                .withCallCredentials(server.admin())
                .commitTree(CommitTreeRequest.newBuilder()
                        .addFiles(TreeFile.newBuilder().setPath("data.bin").setBlob(blob))
                        .build());
        double rate = rate(start);
        if (tree.getTotalBytes() != content.length) {
            throw new IOException("tree: has " + tree.getTotalBytes() + " bytes, not " + content.length);
        }
        return rate;
    }

    @Override
    public double baseline() throws IOException {
        Path copy = running().folder().resolve("copy.bin");
        long start = System.nanoTime();
        MessageDigest digest = sha256();
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int at = 0; at < content.length; at += CHUNK) {
                digest.update(content, at, CHUNK);
                ByteBuffer chunk = ByteBuffer.wrap(content, at, CHUNK);
                while (chunk.hasRemaining()) {
                    channel.write(chunk);
                }
            }
            channel.force(true);
        }
        int hashed = digest.digest().length;
        double rate = rate(start);
        Files.delete(copy);
        if (hashed == 0) {
            throw new IllegalStateException("digest: is empty");
        }
        return rate;
    }

    @Override
    public void close() throws IOException {
        if (controlPlane != null) {
            controlPlane.close();
        }
    }

    private ControlPlane running() {
        if (controlPlane == null) {
            throw new IllegalStateException("prepare() comes first");
        }
        return controlPlane;
    }

    private double rate(long start) {
        return content.length / ((System.nanoTime() - start) / 1e9) / MEGA;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Sends a chunk whenever the transport has room, so that memory stays bounded. */
    private static final class Upload implements ClientResponseObserver<UploadChunk, UploadBlobResponse> {
        private final byte[] content;
        private final BlobRef blob;
        private final CompletableFuture<UploadBlobResponse> response = new CompletableFuture<>();
        private int sent;

        Upload(byte[] content, BlobRef blob) {
            this.content = content;
            this.blob = blob;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<UploadChunk> requests) {
            requests.setOnReadyHandler(() -> {
                while (requests.isReady() && sent < content.length) {
                    UploadChunk.Builder chunk = UploadChunk.newBuilder()
                            .setOffset(sent)
                            .setData(UnsafeByteOperations.unsafeWrap(content, sent, CHUNK));
                    if (sent == 0) {
                        chunk.setBlob(blob);
                    }
                    sent += CHUNK;
                    requests.onNext(chunk.build());
                    if (sent == content.length) {
                        requests.onCompleted();
                    }
                }
            });
        }

        @Override
        public void onNext(UploadBlobResponse value) {
            response.complete(value);
        }

        @Override
        public void onError(Throwable problem) {
            response.completeExceptionally(problem);
        }

        @Override
        public void onCompleted() {
            response.completeExceptionally(new IOException("upload: ended without an answer"));
        }
    }
}
