package dev.fairlead.control.artifact.grpc;

import dev.fairlead.control.access.grpc.Callers;
import dev.fairlead.control.artifact.Artifacts;
import dev.fairlead.control.artifact.AttemptFence;
import dev.fairlead.control.artifact.BlobRef;
import dev.fairlead.control.artifact.BlobStore;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.artifact.GarbageCollector;
import dev.fairlead.control.artifact.TreeFile;
import dev.fairlead.control.artifact.TreePaths;
import dev.fairlead.control.artifact.Uploads;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.proto.v1.ArtifactsGrpc;
import dev.fairlead.proto.v1.CollectGarbageRequest;
import dev.fairlead.proto.v1.CollectGarbageResponse;
import dev.fairlead.proto.v1.CommitTreeRequest;
import dev.fairlead.proto.v1.DownloadBlobRequest;
import dev.fairlead.proto.v1.DownloadChunk;
import dev.fairlead.proto.v1.GetTreeRequest;
import dev.fairlead.proto.v1.ListTreesRequest;
import dev.fairlead.proto.v1.ListTreesResponse;
import dev.fairlead.proto.v1.MissingRequest;
import dev.fairlead.proto.v1.MissingResponse;
import dev.fairlead.proto.v1.PartialBlob;
import dev.fairlead.proto.v1.Tree;
import dev.fairlead.proto.v1.UploadBlobResponse;
import dev.fairlead.proto.v1.UploadChunk;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Artifacts over gRPC. */
@GrpcService
class ArtifactService extends ArtifactsGrpc.ArtifactsImplBase {
    private static final int MOST_TREES = 1000;
    private static final int USUAL_TREES = 100;
    /** Chunks asked for ahead, so that the next one is parsed while this one is hashed and written. */
    private static final int CHUNKS_AHEAD = 4;

    private final Artifacts artifacts;
    private final Uploads uploads;
    private final BlobStore blobs;
    private final GarbageCollector garbage;

    ArtifactService(Artifacts artifacts, Uploads uploads, BlobStore blobs, GarbageCollector garbage) {
        this.artifacts = artifacts;
        this.uploads = uploads;
        this.blobs = blobs;
        this.garbage = garbage;
    }

    @Override
    public void missing(MissingRequest request, StreamObserver<MissingResponse> reply) {
        List<BlobRef> wanted = new ArrayList<>(request.getBlobsCount());
        for (int i = 0; i < request.getBlobsCount(); i++) {
            wanted.add(Protos.blob(request.getBlobs(i), "blobs[" + i + "]"));
        }
        MissingResponse.Builder response = MissingResponse.newBuilder();
        for (Artifacts.Missing blob : artifacts.missing(wanted)) {
            response.addMissing(
                    PartialBlob.newBuilder().setDigest(blob.digest().toString()).setReceived(blob.received()));
        }
        reply.onNext(response.build());
        reply.onCompleted();
    }

    @Override
    public StreamObserver<UploadChunk> uploadBlob(StreamObserver<UploadBlobResponse> reply) {
        ServerCallStreamObserver<UploadBlobResponse> call = (ServerCallStreamObserver<UploadBlobResponse>) reply;
        call.disableAutoRequest();
        UploadStream stream = new UploadStream(uploads, call);
        call.request(CHUNKS_AHEAD);
        return stream;
    }

    @Override
    public void commitTree(CommitTreeRequest request, StreamObserver<Tree> reply) {
        if (request.getFilesCount() > TreePaths.MOST_FILES) {
            throw FairleadException.invalid(
                    "files", "may be at most " + TreePaths.MOST_FILES + ", got " + request.getFilesCount());
        }
        List<TreeFile> files = new ArrayList<>(request.getFilesCount());
        for (int i = 0; i < request.getFilesCount(); i++) {
            files.add(Protos.file(request.getFiles(i), i));
        }
        Digest expected = request.getDigest().isEmpty() ? null : Digest.parse(request.getDigest(), "digest");
        reply.onNext(Protos.tree(artifacts.commit(files, fence(request), expected)));
        reply.onCompleted();
    }

    @Override
    public void getTree(GetTreeRequest request, StreamObserver<Tree> reply) {
        reply.onNext(Protos.tree(artifacts.get(Digest.parse(request.getDigest(), "digest"))));
        reply.onCompleted();
    }

    @Override
    public void downloadBlob(DownloadBlobRequest request, StreamObserver<DownloadChunk> reply) {
        Digest digest = Digest.parse(request.getDigest(), "digest");
        long offset = Protos.size(request.getOffset(), "offset");
        SeekableByteChannel blob = blobs.read(digest)
                .orElseThrow(() ->
                        new FairleadException(ErrorCode.BLOB_NOT_FOUND, "digest", "the store lacks blob " + digest));
        try {
            if (offset > blob.size()) {
                long size = blob.size();
                blob.close();
                throw FairleadException.invalid("offset", "is " + offset + " and the blob has " + size + " bytes");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at blob " + digest, e);
        }
        DownloadStream stream = new DownloadStream(blob, offset, (ServerCallStreamObserver<DownloadChunk>) reply);
        // A thread of its own: the call's thread must be free to learn that the client is ready for more.
        Thread.ofVirtual().name("fairlead-download").start(stream);
    }

    @Override
    public void list(ListTreesRequest request, StreamObserver<ListTreesResponse> reply) {
        if (request.getLimit() < 0 || request.getLimit() > MOST_TREES) {
            throw FairleadException.invalid("limit", "must be 0 to " + MOST_TREES + ", got " + request.getLimit());
        }
        ListTreesResponse.Builder response = ListTreesResponse.newBuilder()
                .setStoredBytes(artifacts.storedBytes())
                .setQuotaBytes(uploads.quota());
        artifacts
                .newest(request.getLimit() == 0 ? USUAL_TREES : request.getLimit())
                .forEach(tree -> response.addTrees(Protos.summary(tree)));
        reply.onNext(response.build());
        reply.onCompleted();
    }

    @Override
    public void collectGarbage(CollectGarbageRequest request, StreamObserver<CollectGarbageResponse> reply) {
        BlobStore.Removed removed =
                garbage.collect(request.getDryRun() ? BlobStore.Mode.DRY_RUN : BlobStore.Mode.REMOVE);
        reply.onNext(CollectGarbageResponse.newBuilder()
                .setBlobs(removed.count())
                .setBytes(removed.bytes())
                .build());
        reply.onCompleted();
    }

    private static @Nullable AttemptFence fence(CommitTreeRequest request) {
        if (!request.getAttemptId().isEmpty()) {
            return new AttemptFence(request.getAttemptId(), request.getFence());
        }
        if (Callers.current().agent().isPresent()) {
            // Without it a stale agent's results could not be told from a live one's.
            throw FairleadException.missing("attempt_id");
        }
        return null;
    }
}
