package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.fairlead.proto.v1.BlobRef;
import dev.fairlead.proto.v1.ListJobsRequest;
import dev.fairlead.proto.v1.MissingRequest;
import dev.fairlead.proto.v1.SubmitJobRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Retries and cuts between a client and the control plane. */
class SubmitIT {
    private static final int CLIENTS = 1000;
    private static final long SEED = 20260701;

    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void givesOneJobForTheSameSubmitAThousandTimesAtOnce() throws Exception {
        var request = SubmitJobRequest.newBuilder()
                .setSpec(Specs.shell("true", "nowhere"))
                .setIdempotencyKey("the-same")
                .build();
        var replies = new ArrayList<Future<String>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<String> submit =
                    () -> cluster.client().jobs().submit(request).getJob().getId();
            for (int i = 0; i < CLIENTS; i++) {
                replies.add(threads.submit(submit));
            }
        }
        var ids = new ArrayList<String>();
        for (var reply : replies) {
            ids.add(reply.get());
        }
        assertThat(ids).hasSize(CLIENTS);
        assertThat(ids.stream().distinct()).hasSize(1);
        assertThat(cluster.client()
                        .jobs()
                        .list(ListJobsRequest.getDefaultInstance())
                        .getJobsList())
                .extracting("id")
                .containsOnlyOnce(ids.getFirst());
    }

    @Test
    void refusesAnotherPayloadUnderAUsedKey() {
        cluster.client().submit(Specs.shell("true", "nowhere").build(), "used");
        assertThatThrownBy(() ->
                        cluster.client().submit(Specs.shell("false", "nowhere").build(), "used"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        failure -> assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.ALREADY_EXISTS));
    }

    @Test
    void resumesAnUploadThatWasCutAtARandomByte() {
        var random = new Random(SEED);
        var bytes = new byte[8 << 20];
        random.nextBytes(bytes);
        var blob = BlobRef.newBuilder()
                .setDigest(Client.digest(bytes))
                .setSize(bytes.length)
                .build();
        var cutAt = 1 + random.nextInt(bytes.length - 1);
        try (var link = new Link(cluster.grpcPort());
                var client = new Client(link.port(), cluster.token())) {
            link.cutAfter(cutAt);
            assertThatThrownBy(() -> client.uploadInChunks(blob, bytes, 0))
                    .as("cut at byte %d", cutAt)
                    .isInstanceOf(CompletionException.class);
        }

        var partial = cluster.client()
                .artifacts()
                .missing(MissingRequest.newBuilder().addBlobs(blob).build())
                .getMissing(0);
        assertThat(partial.getReceived()).isBetween(0L, (long) cutAt);
        var reply = cluster.client().uploadInChunks(blob, bytes, (int) partial.getReceived());

        assertThat(reply.getComplete()).isTrue();
        assertThat(cluster.client().download(blob.getDigest())).isEqualTo(bytes);
    }

    @Test
    void refusesBytesThatAreNotWhatTheyClaim() {
        var blob = BlobRef.newBuilder()
                .setDigest(Client.digest(new byte[] {1}))
                .setSize(1)
                .build();
        assertThatThrownBy(() -> cluster.client().upload(blob, ByteString.copyFrom(new byte[] {2})))
                .hasRootCauseInstanceOf(StatusRuntimeException.class)
                .rootCause()
                .hasMessageContaining("DATA_LOSS");
    }
}
