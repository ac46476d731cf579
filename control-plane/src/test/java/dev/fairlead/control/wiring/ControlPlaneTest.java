package dev.fairlead.control.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.fairlead.control.artifact.Manifest;
import dev.fairlead.control.error.grpc.ErrorMapping;
import dev.fairlead.proto.v1.AccessGrpc;
import dev.fairlead.proto.v1.ArtifactsGrpc;
import dev.fairlead.proto.v1.BlobRef;
import dev.fairlead.proto.v1.CollectGarbageRequest;
import dev.fairlead.proto.v1.CommitTreeRequest;
import dev.fairlead.proto.v1.CreateTokenRequest;
import dev.fairlead.proto.v1.CreateVersionRequest;
import dev.fairlead.proto.v1.DownloadBlobRequest;
import dev.fairlead.proto.v1.DownloadChunk;
import dev.fairlead.proto.v1.ErrorDetail;
import dev.fairlead.proto.v1.GetTreeRequest;
import dev.fairlead.proto.v1.ListTokensRequest;
import dev.fairlead.proto.v1.ListTreesRequest;
import dev.fairlead.proto.v1.ListTreesResponse;
import dev.fairlead.proto.v1.MissingRequest;
import dev.fairlead.proto.v1.ModelFormat;
import dev.fairlead.proto.v1.ModelVersion;
import dev.fairlead.proto.v1.ModelsGrpc;
import dev.fairlead.proto.v1.ResolveModelRequest;
import dev.fairlead.proto.v1.Role;
import dev.fairlead.proto.v1.Tree;
import dev.fairlead.proto.v1.TreeFile;
import dev.fairlead.proto.v1.UploadBlobResponse;
import dev.fairlead.proto.v1.UploadChunk;
import dev.fairlead.proto.v1.WhoAmIRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole service over real gRPC and a real database. */
@QuarkusTest
@WithTestResource(ControlPlaneTestResource.class)
class ControlPlaneTest {
    private static final int CHUNK = 1 << 20;

    @Inject
    Home home;

    @Inject
    ArtifactSettings settings;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    private ManagedChannel channel;

    @BeforeEach
    void connect() {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @Test
    void hasTheDefaultsThatTheDocumentsTell() {
        assertThat(settings.quota()).isZero();
        assertThat(settings.grace()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void knowsTheAdminOfTheHomeFolder() {
        var me = AccessGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer(adminToken())))
                .whoAmI(WhoAmIRequest.getDefaultInstance());

        assertThat(me.getName()).isEqualTo("admin");
        assertThat(me.getRole()).isEqualTo(Role.ROLE_ADMIN);
        assertThat(me.getServerVersion()).isNotEmpty();
    }

    @Test
    void refusesCallsWithoutOrWithWrongCredentials() {
        AccessGrpc.AccessBlockingStub nobody = AccessGrpc.newBlockingStub(channel);
        fails(
                () -> nobody.whoAmI(WhoAmIRequest.getDefaultInstance()),
                Status.Code.UNAUTHENTICATED,
                "CredentialsMissing");
        AccessGrpc.AccessBlockingStub wrong = as(nobody, "wrong");
        fails(
                () -> wrong.whoAmI(WhoAmIRequest.getDefaultInstance()),
                Status.Code.UNAUTHENTICATED,
                "CredentialsInvalid");
    }

    @Test
    void refusesWhatTheRoleDoesNotAllow() {
        AccessGrpc.AccessBlockingStub admin = as(AccessGrpc.newBlockingStub(channel), adminToken());
        String viewer = admin.createToken(CreateTokenRequest.newBuilder()
                        .setName("viewer")
                        .setRole(Role.ROLE_VIEWER)
                        .build())
                .getToken();
        AccessGrpc.AccessBlockingStub stub = as(AccessGrpc.newBlockingStub(channel), viewer);

        assertThat(stub.whoAmI(WhoAmIRequest.getDefaultInstance()).getName()).isEqualTo("viewer");
        ErrorDetail detail = fails(
                () -> stub.listTokens(ListTokensRequest.getDefaultInstance()),
                Status.Code.PERMISSION_DENIED,
                "PermissionDenied");
        assertThat(detail.getNumber()).isEqualTo(203);
        fails(
                () -> admin.createToken(
                        CreateTokenRequest.newBuilder().setName("x").build()),
                Status.Code.INVALID_ARGUMENT,
                "FieldMissing");
    }

    @Test
    void movesATreeInAndOutThoughTheUploadIsCut() throws Exception {
        byte[] bytes = random(5 * CHUNK + 12_345, 1);
        BlobRef blob = ref(bytes);
        ArtifactsGrpc.ArtifactsBlockingStub stub = artifacts();

        cutUpload(blob, bytes, 2 * CHUNK);
        MissingRequest ask = MissingRequest.newBuilder().addBlobs(blob).build();
        long received = stub.missing(ask).getMissing(0).getReceived();
        assertThat(received).isBetween(1L, (long) bytes.length - 1);
        UploadBlobResponse response = upload(blob, bytes, Math.toIntExact(received));
        assertThat(response.getComplete()).isTrue();
        assertThat(stub.missing(ask).getMissingCount()).isZero();

        Tree tree = stub.commitTree(CommitTreeRequest.newBuilder()
                .addFiles(TreeFile.newBuilder().setPath("model.onnx").setBlob(blob))
                .build());
        assertThat(stub.getTree(
                        GetTreeRequest.newBuilder().setDigest(tree.getDigest()).build()))
                .isEqualTo(tree);
        ListTreesResponse list = stub.list(ListTreesRequest.getDefaultInstance());
        assertThat(list.getTreesList()).extracting(Tree::getDigest).contains(tree.getDigest());
        assertThat(list.getStoredBytes()).isGreaterThanOrEqualTo(bytes.length);
        assertThat(download(stub, blob, 0)).isEqualTo(ByteString.copyFrom(bytes));
        assertThat(download(stub, blob, 3 * CHUNK + 1))
                .isEqualTo(ByteString.copyFrom(bytes, 3 * CHUNK + 1, bytes.length - 3 * CHUNK - 1));
        assertThat(stub.collectGarbage(CollectGarbageRequest.newBuilder()
                                .setDryRun(true)
                                .build())
                        .getBlobs())
                .isZero();

        ModelsGrpc.ModelsBlockingStub models = as(ModelsGrpc.newBlockingStub(channel), adminToken());
        ModelVersion version = models.createVersion(CreateVersionRequest.newBuilder()
                .setModel("digits")
                .setTreeDigest(tree.getDigest())
                .setFormat(ModelFormat.MODEL_FORMAT_ONNX)
                .build());
        assertThat(version.getVersion()).isEqualTo(1);
        assertThat(models.resolve(
                        ResolveModelRequest.newBuilder().setRef("digits@1").build()))
                .isEqualTo(version);
    }

    @Test
    void refusesAWrongHashAndTakesTheRightBytesAfterwards() throws Exception {
        byte[] bytes = random(1000, 2);
        byte[] wrong = bytes.clone();
        wrong[999]++;

        fails(() -> upload(ref(bytes), wrong, 0), Status.Code.DATA_LOSS, "BlobCorrupt");

        assertThat(upload(ref(bytes), bytes, 0).getComplete()).isTrue();
    }

    @Test
    void namesTheFieldOfAHostileTree() throws Exception {
        byte[] bytes = random(10, 3);
        upload(ref(bytes), bytes, 0);
        CommitTreeRequest.Builder request = CommitTreeRequest.newBuilder();
        for (String path : List.of("a", "b", "c", "../../etc/passwd")) {
            request.addFiles(TreeFile.newBuilder().setPath(path).setBlob(ref(bytes)));
        }

        ErrorDetail detail =
                fails(() -> artifacts().commitTree(request.build()), Status.Code.INVALID_ARGUMENT, "TreePathInvalid");

        assertThat(detail.getField()).isEqualTo("files[3].path");
    }

    @Test
    void refusesChunksOfNoUploadAndAnOffsetBeyondTheBlob() throws Exception {
        byte[] bytes = random(10, 4);
        upload(ref(bytes), bytes, 0);

        fails(() -> upload(BlobRef.getDefaultInstance(), bytes, 0), Status.Code.INVALID_ARGUMENT, "FieldMissing");
        fails(() -> download(artifacts(), ref(bytes), 11), Status.Code.INVALID_ARGUMENT, "FieldInvalid");
        fails(() -> download(artifacts(), ref(random(10, 5)), 0), Status.Code.NOT_FOUND, "BlobNotFound");
    }

    private ArtifactsGrpc.ArtifactsBlockingStub artifacts() {
        return as(ArtifactsGrpc.newBlockingStub(channel), adminToken());
    }

    private UploadBlobResponse upload(BlobRef blob, byte[] bytes, int from) throws Exception {
        Reply<UploadBlobResponse> reply = new Reply<>();
        StreamObserver<UploadChunk> chunks =
                as(ArtifactsGrpc.newStub(channel), adminToken()).uploadBlob(reply);
        send(chunks, blob, bytes, from, bytes.length);
        chunks.onCompleted();
        return reply.get();
    }

    /** Sends the first bytes, waits until the server has some of them, and breaks the call off. */
    private void cutUpload(BlobRef blob, byte[] bytes, int to) {
        Reply<UploadBlobResponse> reply = new Reply<>();
        ClientCallStreamObserver<UploadChunk> chunks = (ClientCallStreamObserver<UploadChunk>)
                as(ArtifactsGrpc.newStub(channel), adminToken()).uploadBlob(reply);
        send(chunks, blob, bytes, 0, to);
        MissingRequest ask = MissingRequest.newBuilder().addBlobs(blob).build();
        long received;
        do {
            received = artifacts().missing(ask).getMissing(0).getReceived();
        } while (received == 0);
        chunks.cancel("cut by the test", null);
    }

    private static void send(StreamObserver<UploadChunk> chunks, BlobRef blob, byte[] bytes, int from, int to) {
        boolean first = true;
        for (int at = from; first || at < to; at += CHUNK) {
            int length = Math.min(CHUNK, to - at);
            UploadChunk.Builder chunk =
                    UploadChunk.newBuilder().setOffset(at).setData(ByteString.copyFrom(bytes, at, length));
            if (first) {
                chunk.setBlob(blob);
                first = false;
            }
            chunks.onNext(chunk.build());
        }
    }

    private static ByteString download(ArtifactsGrpc.ArtifactsBlockingStub stub, BlobRef blob, long offset) {
        Iterator<DownloadChunk> chunks = stub.downloadBlob(DownloadBlobRequest.newBuilder()
                .setDigest(blob.getDigest())
                .setOffset(offset)
                .build());
        List<ByteString> parts = new ArrayList<>();
        long at = offset;
        while (chunks.hasNext()) {
            DownloadChunk chunk = chunks.next();
            assertThat(chunk.getOffset()).isEqualTo(at);
            at += chunk.getData().size();
            parts.add(chunk.getData());
        }
        return ByteString.copyFrom(parts);
    }

    private static ErrorDetail fails(ThrowingCallable call, Status.Code status, String code) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(failure).as(code).isNotNull();
        assertThat(failure.getStatus().getCode()).as(failure.getMessage()).isEqualTo(status);
        try {
            Metadata trailers = failure.getTrailers();
            assertThat(trailers).isNotNull();
            ErrorDetail detail = ErrorDetail.parseFrom(trailers.get(ErrorMapping.TRAILER));
            assertThat(detail.getCode()).isEqualTo(code);
            return detail;
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static <S extends AbstractStub<S>> S as(S stub, String token) {
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer(token)));
    }

    private String adminToken() {
        return PrivateFiles.read(home.adminToken());
    }

    private static Metadata bearer(String token) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        return headers;
    }

    private static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static BlobRef ref(byte[] bytes) {
        return BlobRef.newBuilder()
                .setDigest(
                        "sha256:" + HexFormat.of().formatHex(Manifest.sha256().digest(bytes)))
                .setSize(bytes.length)
                .build();
    }

    /** One answer or one failure, thrown as the client's other calls throw it. */
    private static final class Reply<T> implements StreamObserver<T> {
        private final CompletableFuture<T> value = new CompletableFuture<>();

        T get() throws Exception {
            try {
                return value.get(30, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof StatusRuntimeException status) {
                    throw status;
                }
                throw e;
            }
        }

        @Override
        public void onNext(T answer) {
            value.complete(answer);
        }

        @Override
        public void onError(Throwable failure) {
            value.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {}
    }
}
