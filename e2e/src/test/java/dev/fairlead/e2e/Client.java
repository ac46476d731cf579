package dev.fairlead.e2e;

import com.google.protobuf.ByteString;
import dev.fairlead.proto.v1.AgentsGrpc;
import dev.fairlead.proto.v1.ArtifactsGrpc;
import dev.fairlead.proto.v1.BlobRef;
import dev.fairlead.proto.v1.CommitTreeRequest;
import dev.fairlead.proto.v1.DownloadBlobRequest;
import dev.fairlead.proto.v1.GetJobRequest;
import dev.fairlead.proto.v1.GetPromotionRequest;
import dev.fairlead.proto.v1.GetTreeRequest;
import dev.fairlead.proto.v1.Job;
import dev.fairlead.proto.v1.JobSpec;
import dev.fairlead.proto.v1.JobState;
import dev.fairlead.proto.v1.JobsGrpc;
import dev.fairlead.proto.v1.ModelsGrpc;
import dev.fairlead.proto.v1.ParityGrpc;
import dev.fairlead.proto.v1.Promotion;
import dev.fairlead.proto.v1.PromotionState;
import dev.fairlead.proto.v1.PromotionsGrpc;
import dev.fairlead.proto.v1.SubmitJobRequest;
import dev.fairlead.proto.v1.TreeFile;
import dev.fairlead.proto.v1.UploadBlobResponse;
import dev.fairlead.proto.v1.UploadChunk;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** The services as a program sees them, with the administrator's token. */
final class Client implements Running {
    private static final int CHUNK = 256 << 10;
    private static final Set<JobState> ENDED =
            EnumSet.of(JobState.JOB_STATE_SUCCEEDED, JobState.JOB_STATE_FAILED, JobState.JOB_STATE_CANCELLED);

    private final ManagedChannel channel;

    Client(int port, String token) {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .maxInboundMessageSize(32 << 20)
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
                .build();
    }

    JobsGrpc.JobsBlockingStub jobs() {
        return JobsGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    AgentsGrpc.AgentsBlockingStub agents() {
        return AgentsGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    ArtifactsGrpc.ArtifactsBlockingStub artifacts() {
        return ArtifactsGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    ModelsGrpc.ModelsBlockingStub models() {
        return ModelsGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    PromotionsGrpc.PromotionsBlockingStub promotions() {
        return PromotionsGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    ParityGrpc.ParityBlockingStub parity() {
        return ParityGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    Job submit(JobSpec spec, String key) {
        return jobs().submit(SubmitJobRequest.newBuilder()
                        .setSpec(spec)
                        .setIdempotencyKey(key)
                        .build())
                .getJob();
    }

    Job job(String id) {
        return jobs().get(GetJobRequest.newBuilder().setId(id).build());
    }

    Job awaitJob(String id, Duration limit, Set<JobState> states) {
        return Await.value("job " + id + " to be " + states, limit, () -> job(id).toString(), () -> {
            var job = job(id);
            if (states.contains(job.getState())) {
                return Optional.of(job);
            }
            if (ENDED.contains(job.getState())) {
                throw new AssertionError("the job ended otherwise: " + job);
            }
            return Optional.empty();
        });
    }

    Promotion promotion(String id) {
        return promotions().get(GetPromotionRequest.newBuilder().setId(id).build());
    }

    Promotion awaitPromotion(String id, Duration limit, PromotionState... states) {
        var wanted = Set.of(states);
        return Await.value(
                "promotion " + id + " to be " + wanted,
                limit,
                () -> promotion(id).toString(),
                () -> {
                    var promotion = promotion(id);
                    if (wanted.contains(promotion.getState())) {
                        return Optional.of(promotion);
                    }
                    switch (promotion.getState()) {
                        case PROMOTION_STATE_REJECTED, PROMOTION_STATE_ABORTED, PROMOTION_STATE_PROMOTED ->
                            throw new AssertionError("the promotion ended otherwise: " + promotion);
                        default -> {}
                    }
                    return Optional.empty();
                });
    }

    /** Uploads a small folder given as path to bytes, and returns its tree digest. */
    String push(Map<String, byte[]> files) {
        var commit = CommitTreeRequest.newBuilder();
        new TreeMap<>(files).forEach((path, bytes) -> {
            var blob = BlobRef.newBuilder()
                    .setDigest(digest(bytes))
                    .setSize(bytes.length)
                    .build();
            upload(blob, ByteString.copyFrom(bytes));
            commit.addFiles(TreeFile.newBuilder().setPath(path).setBlob(blob));
        });
        return artifacts().commitTree(commit.build()).getDigest();
    }

    UploadBlobResponse upload(BlobRef blob, ByteString data) {
        return uploadInChunks(blob, data.toByteArray(), 0);
    }

    /** Sends a blob's bytes from an offset on; fails with {@link CompletionException} when the stream breaks. */
    UploadBlobResponse uploadInChunks(BlobRef blob, byte[] bytes, int from) {
        var reply = new CompletableFuture<UploadBlobResponse>();
        var chunks = ArtifactsGrpc.newStub(channel).uploadBlob(new StreamObserver<>() {
            @Override
            public void onNext(UploadBlobResponse value) {
                reply.complete(value);
            }

            @Override
            public void onError(Throwable failure) {
                reply.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {
                reply.completeExceptionally(new AssertionError("no reply"));
            }
        });
        var chunk = UploadChunk.newBuilder().setBlob(blob);
        for (int offset = from; offset < bytes.length && !reply.isDone(); offset += CHUNK) {
            var length = Math.min(CHUNK, bytes.length - offset);
            chunks.onNext(chunk.setOffset(offset)
                    .setData(ByteString.copyFrom(bytes, offset, length))
                    .build());
            chunk.clearBlob();
        }
        chunks.onCompleted();
        return reply.orTimeout(30, TimeUnit.SECONDS).join();
    }

    byte[] download(String blob) {
        var bytes = new ByteArrayOutputStream();
        artifacts()
                .downloadBlob(DownloadBlobRequest.newBuilder().setDigest(blob).build())
                .forEachRemaining(part -> bytes.writeBytes(part.getData().toByteArray()));
        return bytes.toByteArray();
    }

    /** One file of a committed tree. */
    byte[] read(String tree, String path) {
        var file = artifacts()
                .getTree(GetTreeRequest.newBuilder().setDigest(tree).build())
                .getFilesList()
                .stream()
                .filter(candidate -> candidate.getPath().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError(tree + " has no " + path));
        return download(file.getBlob().getDigest());
    }

    static String digest(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
