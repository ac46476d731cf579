package dev.fairlead.control.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.error.grpc.ErrorMapping;
import dev.fairlead.control.job.Attempt;
import dev.fairlead.control.job.AttemptState;
import dev.fairlead.control.job.Attempts;
import dev.fairlead.control.job.DurableJobs;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.job.Logs;
import dev.fairlead.control.job.Report;
import dev.fairlead.proto.v1.AccessGrpc;
import dev.fairlead.proto.v1.CancelJobRequest;
import dev.fairlead.proto.v1.CommandWork;
import dev.fairlead.proto.v1.CreateTokenRequest;
import dev.fairlead.proto.v1.ErrorDetail;
import dev.fairlead.proto.v1.GetJobRequest;
import dev.fairlead.proto.v1.Job;
import dev.fairlead.proto.v1.JobKind;
import dev.fairlead.proto.v1.JobLogChunk;
import dev.fairlead.proto.v1.JobLogsRequest;
import dev.fairlead.proto.v1.JobSpec;
import dev.fairlead.proto.v1.JobState;
import dev.fairlead.proto.v1.JobsGrpc;
import dev.fairlead.proto.v1.ListJobsRequest;
import dev.fairlead.proto.v1.ListJobsResponse;
import dev.fairlead.proto.v1.PageRequest;
import dev.fairlead.proto.v1.PlanJobRequest;
import dev.fairlead.proto.v1.PlanJobResponse;
import dev.fairlead.proto.v1.Resources;
import dev.fairlead.proto.v1.Role;
import dev.fairlead.proto.v1.SubmitJobRequest;
import dev.fairlead.proto.v1.SubmitJobResponse;
import dev.fairlead.proto.v1.WatchJobRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The calls of the Jobs service over real gRPC. Jobs ask for a pool that does not exist, so that only the test moves them. */
@QuarkusTest
@WithTestResource(ControlPlaneTestResource.class)
class JobsOverGrpcTest {
    private static final AgentName AGENT = new AgentName("by-hand");

    @Inject
    Home home;

    @Inject
    Attempts attempts;

    @Inject
    DurableJobs durableJobs;

    @Inject
    Logs logs;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    private ManagedChannel channel;
    private JobsGrpc.JobsBlockingStub stub;

    @BeforeEach
    void connect() {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
        stub = as(JobsGrpc.newBlockingStub(channel), PrivateFiles.read(home.adminToken()));
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @Test
    void makesAJobOncePerKey() {
        SubmitJobRequest request = submission("once", "jobs-test-once");
        SubmitJobResponse first = jobs().submit(request);
        SubmitJobResponse again = jobs().submit(request);

        assertThat(first.getCreated()).isTrue();
        assertThat(first.getJob().getState()).isEqualTo(JobState.JOB_STATE_SUBMITTED);
        assertThat(first.getJob().getSubmitter()).isEqualTo("admin");
        assertThat(again.getCreated()).isFalse();
        assertThat(again.getJob().getId()).isEqualTo(first.getJob().getId());
        fails(
                () -> jobs().submit(submission("another", "jobs-test-once")),
                Status.Code.ALREADY_EXISTS,
                "IdempotencyConflict");
    }

    @Test
    void namesTheFieldOfABadSpecification() {
        fails(() -> jobs().submit(SubmitJobRequest.getDefaultInstance()), Status.Code.INVALID_ARGUMENT, "FieldMissing");
        ErrorDetail detail = fails(
                () -> jobs().submit(submission("No Spaces Please", "")),
                Status.Code.INVALID_ARGUMENT,
                "JobSpecInvalid");
        assertThat(detail.getField()).isEqualTo("spec.name");
    }

    @Test
    void letsViewersLookAndNotTouch() {
        Job job = submit("seen");
        String token = as(AccessGrpc.newBlockingStub(channel), PrivateFiles.read(home.adminToken()))
                .createToken(CreateTokenRequest.newBuilder()
                        .setName("jobs-viewer")
                        .setRole(Role.ROLE_VIEWER)
                        .build())
                .getToken();
        JobsGrpc.JobsBlockingStub viewer =
                as(JobsGrpc.newBlockingStub(channel), token).withDeadlineAfter(20, TimeUnit.SECONDS);

        assertThat(viewer.get(GetJobRequest.newBuilder().setId(job.getId()).build())
                        .getSpec())
                .isEqualTo(job.getSpec());
        fails(() -> viewer.submit(submission("x", "")), Status.Code.PERMISSION_DENIED, "PermissionDenied");
        fails(
                () -> viewer.cancel(
                        CancelJobRequest.newBuilder().setId(job.getId()).build()),
                Status.Code.PERMISSION_DENIED,
                "PermissionDenied");
    }

    @Test
    void tellsWhatIsNotThere() {
        String none = "0".repeat(20);
        fails(() -> jobs().get(GetJobRequest.newBuilder().setId(none).build()), Status.Code.NOT_FOUND, "JobNotFound");
        fails(
                () -> jobs().watch(WatchJobRequest.newBuilder().setId(none).build())
                        .next(),
                Status.Code.NOT_FOUND,
                "JobNotFound");
        Job job = submit("no-attempts");
        fails(() -> jobs().logs(logsOf(job).setAttempt(3).build()).next(), Status.Code.NOT_FOUND, "AttemptNotFound");
        assertThat(jobs().logs(logsOf(job).build()).hasNext()).isFalse();
    }

    @Test
    void listsInPagesTheNewestFirst() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.addFirst(submit("listed-" + i).getId());
        }
        ListJobsRequest.Builder request = ListJobsRequest.newBuilder().addStates(JobState.JOB_STATE_SUBMITTED);

        ListJobsResponse first =
                jobs().list(request.setPage(PageRequest.newBuilder().setSize(2)).build());
        ListJobsResponse next = jobs().list(
                        request.setPage(PageRequest.newBuilder().setSize(1).setToken(first.getNextPageToken()))
                                .build());

        assertThat(first.getJobsList()).extracting(Job::getId).isEqualTo(ids.subList(0, 2));
        assertThat(next.getJobsList()).extracting(Job::getId).containsExactly(ids.getLast());
        fails(
                () -> jobs().list(request.setPage(PageRequest.newBuilder().setToken("none"))
                        .build()),
                Status.Code.INVALID_ARGUMENT,
                "PageTokenInvalid");
    }

    @Test
    void watchesAJobToItsEnd() {
        Job job = submit("watched");
        Iterator<Job> states =
                jobs().watch(WatchJobRequest.newBuilder().setId(job.getId()).build());
        assertThat(states.next().getState()).isEqualTo(JobState.JOB_STATE_SUBMITTED);

        Job cancelled =
                jobs().cancel(CancelJobRequest.newBuilder().setId(job.getId()).build());
        assertThat(cancelled.getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
        Job last = job;
        while (states.hasNext()) {
            last = states.next();
        }
        assertThat(last.getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
        assertThat(last.getReason().getSentence()).contains("admin");
        assertThat(jobs().cancel(
                                CancelJobRequest.newBuilder().setId(job.getId()).build()))
                .isEqualTo(cancelled);
    }

    @Test
    void followsALogToTheEndOfItsAttempt() {
        Job job = submit("logged");
        Attempt attempt = attempts.place(
                        List.of(new Attempts.Placement(durableJobs.get(new JobId(job.getId())), AGENT, "cpu:0")))
                .getFirst()
                .attempts()
                .getLast();
        logs.append(attempt.id(), 0, text("epoch 1\n"));
        Iterator<JobLogChunk> chunks =
                jobs().logs(logsOf(job).setFollow(true).setOffset(6).build());
        JobLogChunk first = chunks.next();
        assertThat(first.getData().toStringUtf8()).isEqualTo("1\n");
        assertThat(first.getOffset()).isEqualTo(6);
        assertThat(first.getAttempt()).isEqualTo(1);

        logs.append(attempt.id(), 8, text("epoch 2\n"));
        assertThat(chunks.next().getData().toStringUtf8()).isEqualTo("epoch 2\n");
        Report succeeded = new Report(attempt.ref(), AttemptState.SUCCEEDED, null, Attempt.NONE, 0, Map.of(), "{}", 1);
        attempts.report(List.of(new Attempts.Told(AGENT, succeeded)));

        assertThat(chunks.hasNext()).isFalse();
        Job ended = jobs().get(GetJobRequest.newBuilder().setId(job.getId()).build());
        assertThat(ended.getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        assertThat(ended.getAttempts(0).getExitCode()).isZero();
    }

    @Test
    void saysWhyAJobWouldWait() {
        PlanJobResponse plan = jobs().plan(PlanJobRequest.newBuilder()
                .setSpec(submission("planned", "").getSpec())
                .build());

        assertThat(plan.getAgent()).isEmpty();
        assertThat(plan.getPending().getCode()).isNotEmpty();
        // Other tests may have enrolled agents, of other pools.
        assertThat(plan.getPending().getSentence()).containsAnyOf("nowhere", "no agent is enrolled");
        assertThat(plan.getCandidatesList()).noneMatch(candidate -> candidate.getFits());
    }

    @Test
    void knowsTheCallerOfEachOfManyCallsAtOnce() throws Exception {
        List<Future<Job>> submits = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 300; i++) {
                int number = i;
                submits.add(threads.submit(() -> submit("at-once-" + number)));
            }
        }
        for (Future<Job> submitted : submits) {
            assertThat(submitted.get().getSubmitter()).isEqualTo("admin");
        }
    }

    private Job submit(String name) {
        return jobs().submit(submission(name, "")).getJob();
    }

    private static SubmitJobRequest submission(String name, String key) {
        return SubmitJobRequest.newBuilder()
                .setIdempotencyKey(key)
                .setSpec(JobSpec.newBuilder()
                        .setKind(JobKind.JOB_KIND_TRAIN)
                        .setName(name)
                        .setCommand(CommandWork.newBuilder().addArgv("true"))
                        .setResources(Resources.newBuilder().setPool("nowhere")))
                .build();
    }

    private static JobLogsRequest.Builder logsOf(Job job) {
        return JobLogsRequest.newBuilder().setId(job.getId());
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private JobsGrpc.JobsBlockingStub jobs() {
        return stub.withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static ErrorDetail fails(ThrowingCallable call, Status.Code status, String code) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(failure).as(code).isNotNull();
        assertThat(failure.getStatus().getCode()).as(failure.getMessage()).isEqualTo(status);
        Metadata trailers = failure.getTrailers();
        assertThat(trailers).isNotNull();
        try {
            ErrorDetail detail = ErrorDetail.parseFrom(trailers.get(ErrorMapping.TRAILER));
            assertThat(detail.getCode()).isEqualTo(code);
            return detail;
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static <S extends AbstractStub<S>> S as(S stub, String token) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
}
