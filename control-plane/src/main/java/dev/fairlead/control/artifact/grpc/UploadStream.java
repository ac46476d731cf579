package dev.fairlead.control.artifact.grpc;

import dev.fairlead.control.artifact.Uploads;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.error.grpc.ErrorMapping;
import dev.fairlead.proto.v1.UploadBlobResponse;
import dev.fairlead.proto.v1.UploadChunk;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One call of UploadBlob. A cut call leaves what arrived for the next one. */
final class UploadStream implements StreamObserver<UploadChunk> {
    /** Bytes in one chunk. */
    static final int LARGEST_CHUNK = 1 << 20;

    private final Uploads uploads;
    private final ServerCallStreamObserver<UploadBlobResponse> reply;
    private Uploads.@Nullable Session session;
    private boolean failed;

    UploadStream(Uploads uploads, ServerCallStreamObserver<UploadBlobResponse> reply) {
        this.uploads = uploads;
        this.reply = reply;
    }

    @Override
    public void onNext(UploadChunk chunk) {
        if (failed) {
            return;
        }
        try {
            if (chunk.getData().size() > LARGEST_CHUNK) {
                throw FairleadException.invalid(
                        "data", "has " + chunk.getData().size() + " bytes, at most " + LARGEST_CHUNK + " are allowed");
            }
            long offset = Protos.size(chunk.getOffset(), "offset");
            Uploads.Session open = session(chunk);
            for (ByteBuffer data : chunk.getData().asReadOnlyByteBufferList()) {
                int length = data.remaining();
                open.append(offset, data);
                offset += length;
            }
            reply.request(1);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    @Override
    public void onCompleted() {
        if (failed) {
            return;
        }
        try {
            Uploads.Session open = session;
            if (open == null) {
                throw FairleadException.missing("blob");
            }
            boolean complete = open.finish();
            long received = open.received();
            close();
            reply.onNext(UploadBlobResponse.newBuilder()
                    .setReceived(received)
                    .setComplete(complete)
                    .build());
            reply.onCompleted();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    @Override
    public void onError(Throwable cut) {
        close();
    }

    private Uploads.Session session(UploadChunk chunk) {
        Uploads.Session open = session;
        if (open == null) {
            if (!chunk.hasBlob()) {
                throw FairleadException.missing("blob");
            }
            open = uploads.open(Protos.blob(chunk.getBlob(), "blob"));
            session = open;
        }
        return open;
    }

    private void fail(RuntimeException failure) {
        failed = true;
        close();
        reply.onError(ErrorMapping.toStatus(failure));
    }

    private void close() {
        Uploads.Session open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }
}
