package dev.fairlead.cli;

import com.google.protobuf.ByteString;
import dev.fairlead.proto.v1.*;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A control plane in memory, on a real port. It holds what a test puts in, and notes what it is asked. */
final class FakeControlPlane implements AutoCloseable {
    final List<Metadata> headers = new CopyOnWriteArrayList<>();
    final List<SubmitJobRequest> submitted = new CopyOnWriteArrayList<>();
    final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    final AtomicInteger uploads = new AtomicInteger();
    final AtomicInteger unavailable = new AtomicInteger();
    /** Cuts the next upload once it has this many bytes; negative never. */
    final AtomicInteger cutAfter = new AtomicInteger(-1);

    /** Answers uploads as the control plane does whose bytes have another digest than was said. */
    volatile boolean lost;

    final List<Tree> trees = new CopyOnWriteArrayList<>();
    volatile List<Job> jobStates = List.of();
    volatile PlanJobResponse plan = PlanJobResponse.getDefaultInstance();
    volatile ListAgentsResponse agents = ListAgentsResponse.getDefaultInstance();
    volatile ParityReport report = ParityReport.getDefaultInstance();
    volatile Promotion promotion = Promotion.getDefaultInstance();
    volatile Status failWith = Status.OK;
    volatile ErrorDetail failDetail = ErrorDetail.getDefaultInstance();
    private final Map<String, byte[]> partial = new ConcurrentHashMap<>();
    private final Server server;

    FakeControlPlane() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Jobs())
                .addService(new Artifacts())
                .addService(new Agents())
                .addService(new Parity())
                .addService(new Promotions())
                .intercept(new Notes())
                .build()
                .start();
    }

    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private final class Notes implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
            headers.add(metadata);
            if (unavailable.getAndDecrement() > 0) {
                call.close(Status.UNAVAILABLE, new Metadata());
                return new ServerCall.Listener<>() {};
            }
            if (!failWith.isOk()) {
                var trailers = new Metadata();
                trailers.put(
                        Metadata.Key.of("fairlead-error-bin", Metadata.BINARY_BYTE_MARSHALLER),
                        failDetail.toByteArray());
                call.close(failWith, trailers);
                return new ServerCall.Listener<>() {};
            }
            return next.startCall(call, metadata);
        }
    }

    private final class Jobs extends JobsGrpc.JobsImplBase {
        @Override
        public void submit(SubmitJobRequest request, StreamObserver<SubmitJobResponse> answer) {
            submitted.add(request);
            answer.onNext(SubmitJobResponse.newBuilder()
                    .setCreated(true)
                    .setJob(Job.newBuilder().setId("job-1").setSpec(request.getSpec()))
                    .build());
            answer.onCompleted();
        }

        @Override
        public void plan(PlanJobRequest request, StreamObserver<PlanJobResponse> answer) {
            answer.onNext(plan);
            answer.onCompleted();
        }

        @Override
        public void get(GetJobRequest request, StreamObserver<Job> answer) {
            answer.onNext(jobStates.getLast());
            answer.onCompleted();
        }

        @Override
        public void list(ListJobsRequest request, StreamObserver<ListJobsResponse> answer) {
            answer.onNext(ListJobsResponse.newBuilder().addAllJobs(jobStates).build());
            answer.onCompleted();
        }

        @Override
        public void watch(WatchJobRequest request, StreamObserver<Job> answer) {
            jobStates.forEach(answer::onNext);
            answer.onCompleted();
        }

        @Override
        public void logs(JobLogsRequest request, StreamObserver<JobLogChunk> answer) {
            var bytes = "epoch 1 · loss 0.5\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            // Cut within the two bytes of the middle dot.
            for (var part :
                    List.of(ByteString.copyFrom(bytes, 0, 9), ByteString.copyFrom(bytes, 9, bytes.length - 9))) {
                answer.onNext(JobLogChunk.newBuilder().setData(part).build());
            }
            answer.onCompleted();
        }
    }

    private final class Artifacts extends ArtifactsGrpc.ArtifactsImplBase {
        @Override
        public void missing(MissingRequest request, StreamObserver<MissingResponse> answer) {
            var missing = MissingResponse.newBuilder();
            request.getBlobsList().stream()
                    .filter(blob -> !blobs.containsKey(blob.getDigest()))
                    .forEach(blob -> missing.addMissing(PartialBlob.newBuilder()
                            .setDigest(blob.getDigest())
                            .setReceived(partial.getOrDefault(blob.getDigest(), new byte[0]).length)));
            answer.onNext(missing.build());
            answer.onCompleted();
        }

        @Override
        public StreamObserver<UploadChunk> uploadBlob(StreamObserver<UploadBlobResponse> answer) {
            uploads.incrementAndGet();
            return new Receiver(answer);
        }

        @Override
        public void commitTree(CommitTreeRequest request, StreamObserver<Tree> answer) {
            var tree = Tree.newBuilder()
                    .setDigest(request.getDigest())
                    .addAllFiles(request.getFilesList())
                    .build();
            trees.add(tree);
            answer.onNext(tree);
            answer.onCompleted();
        }

        @Override
        public void getTree(GetTreeRequest request, StreamObserver<Tree> answer) {
            answer.onNext(trees.getLast());
            answer.onCompleted();
        }

        @Override
        public void downloadBlob(DownloadBlobRequest request, StreamObserver<DownloadChunk> answer) {
            answer.onNext(DownloadChunk.newBuilder()
                    .setData(ByteString.copyFrom(blobs.get(request.getDigest())))
                    .build());
            answer.onCompleted();
        }
    }

    private final class Receiver implements StreamObserver<UploadChunk> {
        private final StreamObserver<UploadBlobResponse> answer;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private BlobRef blob = BlobRef.getDefaultInstance();
        private boolean cut;

        Receiver(StreamObserver<UploadBlobResponse> answer) {
            this.answer = answer;
        }

        @Override
        public void onNext(UploadChunk chunk) {
            if (cut) {
                return;
            }
            if (chunk.hasBlob()) {
                blob = chunk.getBlob();
                bytes.writeBytes(partial.getOrDefault(blob.getDigest(), new byte[0]));
            }
            if (chunk.getOffset() != bytes.size()) {
                cut = true;
                answer.onError(Status.FAILED_PRECONDITION
                        .withDescription("offset " + chunk.getOffset() + ", expected " + bytes.size())
                        .asRuntimeException());
                return;
            }
            bytes.writeBytes(chunk.getData().toByteArray());
            var limit = cutAfter.get();
            if (limit >= 0 && bytes.size() > limit) {
                cut = true;
                cutAfter.set(-1);
                partial.put(blob.getDigest(), bytes.toByteArray());
                answer.onError(Status.UNAVAILABLE.asRuntimeException());
            }
        }

        @Override
        public void onError(Throwable problem) {}

        @Override
        public void onCompleted() {
            if (!cut && lost) {
                answer.onError(Status.DATA_LOSS.asRuntimeException());
            } else if (!cut) {
                blobs.put(blob.getDigest(), bytes.toByteArray());
                answer.onNext(UploadBlobResponse.newBuilder().setComplete(true).build());
                answer.onCompleted();
            }
        }
    }

    private final class Agents extends AgentsGrpc.AgentsImplBase {
        @Override
        public void list(ListAgentsRequest request, StreamObserver<ListAgentsResponse> answer) {
            answer.onNext(agents);
            answer.onCompleted();
        }
    }

    private final class Parity extends ParityGrpc.ParityImplBase {
        @Override
        public void getReport(GetReportRequest request, StreamObserver<ParityReport> answer) {
            answer.onNext(report);
            answer.onCompleted();
        }
    }

    private final class Promotions extends PromotionsGrpc.PromotionsImplBase {
        private final List<Promotion> history = new ArrayList<>();

        @Override
        public void start(StartPromotionRequest request, StreamObserver<Promotion> answer) {
            answer.onNext(promotion);
            answer.onCompleted();
        }

        @Override
        public void watch(GetPromotionRequest request, StreamObserver<Promotion> answer) {
            history.add(promotion.toBuilder()
                    .setState(PromotionState.PROMOTION_STATE_CONVERTING)
                    .setVerdict(ParityVerdict.PARITY_VERDICT_PENDING)
                    .build());
            history.add(promotion);
            history.forEach(answer::onNext);
            answer.onCompleted();
        }
    }
}
