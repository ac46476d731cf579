package dev.fairlead.control.artifact.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.fairlead.control.error.grpc.ErrorMapping;
import dev.fairlead.proto.v1.DownloadChunk;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.concurrent.Semaphore;

/** One call of DownloadBlob: reads only as fast as the client takes. */
final class DownloadStream implements Runnable {
    private static final int CHUNK = 1 << 20;
    /** Two chunks under way keep the connection busy while the next one is read. */
    private static final int READY_BELOW = 2 * CHUNK;

    private final SeekableByteChannel blob;
    private final long offset;
    private final ServerCallStreamObserver<DownloadChunk> reply;
    private final Semaphore changed = new Semaphore(0);

    /** {@code offset} lies within the blob. Must be made inside the call, where handlers can still be set. */
    DownloadStream(SeekableByteChannel blob, long offset, ServerCallStreamObserver<DownloadChunk> reply) {
        this.blob = blob;
        this.offset = offset;
        this.reply = reply;
        reply.setOnReadyThreshold(READY_BELOW);
        reply.setOnReadyHandler(changed::release);
        reply.setOnCancelHandler(changed::release);
    }

    @Override
    public void run() {
        try (blob) {
            long at = offset;
            long end = blob.size();
            blob.position(at);
            do {
                if (!awaitReady()) {
                    return;
                }
                byte[] bytes = new byte[Math.toIntExact(Math.min(CHUNK, end - at))];
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    if (blob.read(buffer) < 0) {
                        throw new IOException("the blob ends at " + (at + buffer.position()) + ", not at " + end);
                    }
                }
                reply.onNext(DownloadChunk.newBuilder()
                        .setOffset(at)
                        // Nobody writes to the array any more.
                        .setData(UnsafeByteOperations.unsafeWrap(bytes))
                        .build());
                at += bytes.length;
            } while (at < end);
            reply.onCompleted();
        } catch (IOException | RuntimeException e) {
            // The thread's boundary: nobody above could tell the client.
            if (!reply.isCancelled()) {
                reply.onError(ErrorMapping.toStatus(e));
            }
        }
    }

    /** False when the client has gone. */
    private boolean awaitReady() {
        while (!reply.isReady()) {
            if (reply.isCancelled()) {
                return false;
            }
            changed.acquireUninterruptibly();
        }
        return !reply.isCancelled();
    }
}
