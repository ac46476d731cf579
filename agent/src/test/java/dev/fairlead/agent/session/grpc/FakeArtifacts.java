package dev.fairlead.agent.session.grpc;

import com.google.protobuf.ByteString;
import dev.fairlead.agent.artifact.Digest;
import dev.fairlead.agent.artifact.Tree;
import dev.fairlead.proto.v1.ArtifactsGrpc;
import dev.fairlead.proto.v1.BlobRef;
import dev.fairlead.proto.v1.CommitTreeRequest;
import dev.fairlead.proto.v1.DownloadBlobRequest;
import dev.fairlead.proto.v1.DownloadChunk;
import dev.fairlead.proto.v1.ErrorDetail;
import dev.fairlead.proto.v1.GetTreeRequest;
import dev.fairlead.proto.v1.MissingRequest;
import dev.fairlead.proto.v1.MissingResponse;
import dev.fairlead.proto.v1.PartialBlob;
import dev.fairlead.proto.v1.TreeFile;
import dev.fairlead.proto.v1.UploadBlobResponse;
import dev.fairlead.proto.v1.UploadChunk;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** An artifact store in memory that can break a transfer in the middle. */
public final class FakeArtifacts extends ArtifactsGrpc.ArtifactsImplBase {
    private static final int CHUNK = 1000;

    public final Map<String, ByteString> blobs = new ConcurrentHashMap<>();
    public final Map<String, List<TreeFile>> trees = new ConcurrentHashMap<>();
    /** Bytes after which each download breaks; negative for never. */
    public final AtomicLong breakDownloadsAfter = new AtomicLong(-1);
    /** Bytes after which one upload breaks; negative for never. */
    public final AtomicLong breakUploadsAfter = new AtomicLong(-1);
    /** Where the uploads and downloads began. */
    public final List<Long> offsets = java.util.Collections.synchronizedList(new ArrayList<>());

    public volatile boolean fenced;
    private final Map<String, ByteString> partial = new ConcurrentHashMap<>();

    /** Keeps a tree of text files and tells its digest. */
    public String put(Map<String, String> files) {
        List<TreeFile> tree = new ArrayList<>();
        List<dev.fairlead.agent.artifact.TreeFile> own = new ArrayList<>();
        files.forEach((path, text) -> {
            ByteString bytes = ByteString.copyFromUtf8(text);
            Digest digest = digest(bytes);
            blobs.put(digest.toString(), bytes);
            tree.add(TreeFile.newBuilder()
                    .setPath(path)
                    .setBlob(BlobRef.newBuilder().setDigest(digest.toString()).setSize(bytes.size()))
                    .build());
            own.add(new dev.fairlead.agent.artifact.TreeFile(path, digest, bytes.size()));
        });
        String digest = new Tree(own).digest().toString();
        trees.put(digest, tree);
        return digest;
    }

    public static Digest digest(ByteString bytes) {
        var hash = Digest.sha256();
        hash.update(bytes.toByteArray());
        return Digest.finish(hash);
    }

    @Override
    public void getTree(GetTreeRequest request, StreamObserver<dev.fairlead.proto.v1.Tree> answers) {
        @Nullable List<TreeFile> files = trees.get(request.getDigest());
        if (files == null) {
            answers.onError(Status.NOT_FOUND.asRuntimeException());
            return;
        }
        answers.onNext(
                dev.fairlead.proto.v1.Tree.newBuilder().addAllFiles(files).build());
        answers.onCompleted();
    }

    @Override
    public void downloadBlob(DownloadBlobRequest request, StreamObserver<DownloadChunk> answers) {
        offsets.add(request.getOffset());
        ByteString bytes = blobs.getOrDefault(request.getDigest(), ByteString.EMPTY);
        long limit = breakDownloadsAfter.getAndSet(-1);
        for (int at = (int) request.getOffset(); at < bytes.size(); at += CHUNK) {
            if (limit >= 0 && at - request.getOffset() >= limit) {
                answers.onError(Status.UNAVAILABLE.asRuntimeException());
                return;
            }
            answers.onNext(DownloadChunk.newBuilder()
                    .setOffset(at)
                    .setData(bytes.substring(at, Math.min(bytes.size(), at + CHUNK)))
                    .build());
        }
        answers.onCompleted();
    }

    @Override
    public void missing(MissingRequest request, StreamObserver<MissingResponse> answers) {
        var answer = MissingResponse.newBuilder();
        for (BlobRef blob : request.getBlobsList()) {
            if (!blobs.containsKey(blob.getDigest())) {
                answer.addMissing(PartialBlob.newBuilder()
                        .setDigest(blob.getDigest())
                        .setReceived(partial.getOrDefault(blob.getDigest(), ByteString.EMPTY)
                                .size()));
            }
        }
        answers.onNext(answer.build());
        answers.onCompleted();
    }

    @Override
    public StreamObserver<UploadChunk> uploadBlob(StreamObserver<UploadBlobResponse> answers) {
        return new StreamObserver<>() {
            private BlobRef blob = BlobRef.getDefaultInstance();
            private ByteString received = ByteString.EMPTY;
            private boolean broken;

            @Override
            public void onNext(UploadChunk chunk) {
                if (broken) {
                    return;
                }
                if (chunk.hasBlob()) {
                    blob = chunk.getBlob();
                    offsets.add(chunk.getOffset());
                    received = partial.getOrDefault(blob.getDigest(), ByteString.EMPTY);
                }
                received = received.concat(chunk.getData());
                long limit = breakUploadsAfter.get();
                if (limit >= 0 && received.size() >= limit) {
                    breakUploadsAfter.set(-1);
                    broken = true;
                    partial.put(blob.getDigest(), received);
                    answers.onError(Status.UNAVAILABLE.asRuntimeException());
                }
            }

            @Override
            public void onError(Throwable failure) {
                if (!broken) {
                    partial.put(blob.getDigest(), received);
                }
            }

            @Override
            public void onCompleted() {
                if (broken) {
                    return;
                }
                if (!digest(received).toString().equals(blob.getDigest())) {
                    answers.onError(Status.DATA_LOSS.asRuntimeException());
                    return;
                }
                blobs.put(blob.getDigest(), received);
                answers.onNext(UploadBlobResponse.newBuilder()
                        .setComplete(true)
                        .setReceived(received.size())
                        .build());
                answers.onCompleted();
            }
        };
    }

    @Override
    public void commitTree(CommitTreeRequest request, StreamObserver<dev.fairlead.proto.v1.Tree> answers) {
        if (fenced) {
            var trailers = new Metadata();
            trailers.put(ProtoUtils.keyForProto(ErrorDetail.getDefaultInstance()), ErrorDetail.getDefaultInstance());
            answers.onError(Status.ABORTED.asRuntimeException(trailers));
            return;
        }
        trees.put(request.getDigest(), request.getFilesList());
        answers.onNext(dev.fairlead.proto.v1.Tree.newBuilder()
                .setDigest(request.getDigest())
                .build());
        answers.onCompleted();
    }
}
