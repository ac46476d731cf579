package dev.fairlead.control.job.grpc;

import dev.fairlead.control.access.grpc.Callers;
import dev.fairlead.control.access.grpc.TraceParent;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.job.DurableJobs;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.job.JobQuery;
import dev.fairlead.control.job.JobState;
import dev.fairlead.control.job.Plans;
import dev.fairlead.control.job.Submission;
import dev.fairlead.control.job.Submitted;
import dev.fairlead.proto.v1.CancelJobRequest;
import dev.fairlead.proto.v1.GetJobRequest;
import dev.fairlead.proto.v1.JobLogChunk;
import dev.fairlead.proto.v1.JobLogsRequest;
import dev.fairlead.proto.v1.JobsGrpc;
import dev.fairlead.proto.v1.ListJobsRequest;
import dev.fairlead.proto.v1.ListJobsResponse;
import dev.fairlead.proto.v1.PlanJobRequest;
import dev.fairlead.proto.v1.PlanJobResponse;
import dev.fairlead.proto.v1.SubmitJobRequest;
import dev.fairlead.proto.v1.SubmitJobResponse;
import dev.fairlead.proto.v1.WatchJobRequest;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Jobs over gRPC. */
@GrpcService
public class JobsService extends JobsGrpc.JobsImplBase {
    private static final int DEFAULT_PAGE = 100;
    private static final int LARGEST_PAGE = 1000;

    private final DurableJobs jobs;
    private final Plans plans;
    private final Following following;

    public JobsService(DurableJobs jobs, Plans plans, Following following) {
        this.jobs = jobs;
        this.plans = plans;
        this.following = following;
    }

    @Override
    public void submit(SubmitJobRequest request, StreamObserver<SubmitJobResponse> reply) {
        if (!request.hasSpec()) {
            throw FairleadException.missing("spec");
        }
        Submitted submitted = jobs.submit(new Submission(
                SpecMessages.spec(request.getSpec()),
                request.getIdempotencyKey(),
                Callers.current().name(),
                null,
                TraceParent.current()));
        answer(
                reply,
                SubmitJobResponse.newBuilder()
                        .setJob(JobMessages.job(submitted.job()))
                        .setCreated(submitted.created())
                        .build());
    }

    @Override
    public void plan(PlanJobRequest request, StreamObserver<PlanJobResponse> reply) {
        if (!request.hasSpec()) {
            throw FairleadException.missing("spec");
        }
        answer(reply, PlanMessages.plan(plans.plan(jobs.settled(SpecMessages.spec(request.getSpec())))));
    }

    @Override
    public void get(GetJobRequest request, StreamObserver<dev.fairlead.proto.v1.Job> reply) {
        answer(reply, JobMessages.job(jobs.get(new JobId(request.getId()))));
    }

    @Override
    public void list(ListJobsRequest request, StreamObserver<ListJobsResponse> reply) {
        int size = request.getPage().getSize() == 0
                ? DEFAULT_PAGE
                : request.getPage().getSize();
        if (size < 1 || size > LARGEST_PAGE) {
            throw FairleadException.invalid("page.size", "must be between 1 and " + LARGEST_PAGE + ", got " + size);
        }
        Set<JobState> states =
                request.getStatesList().stream().map(JobMessages::state).collect(Collectors.toSet());
        String promotion = request.getPromotionId();
        List<Job> page = jobs.list(new JobQuery(
                size, before(request.getPage().getToken()), states, promotion.isEmpty() ? null : promotion));
        ListJobsResponse.Builder message = ListJobsResponse.newBuilder();
        page.forEach(job -> message.addJobs(JobMessages.job(job)));
        if (page.size() == size) {
            message.setNextPageToken(page.getLast().id().value());
        }
        answer(reply, message.build());
    }

    @Override
    public void watch(WatchJobRequest request, StreamObserver<dev.fairlead.proto.v1.Job> reply) {
        following.watch(new JobId(request.getId()), reply);
    }

    @Override
    public void logs(JobLogsRequest request, StreamObserver<JobLogChunk> reply) {
        if (request.getOffset() < 0 || request.getAttempt() < 0) {
            throw FairleadException.invalid("offset", "and attempt must not be negative");
        }
        following.logs(request, reply);
    }

    @Override
    public void cancel(CancelJobRequest request, StreamObserver<dev.fairlead.proto.v1.Job> reply) {
        String why = "cancelled by " + Callers.current().name();
        answer(reply, JobMessages.job(jobs.cancel(new JobId(request.getId()), why)));
    }

    private static @Nullable JobId before(String token) {
        try {
            return token.isEmpty() ? null : new JobId(token);
        } catch (FairleadException e) {
            throw new FairleadException(
                    ErrorCode.PAGE_TOKEN_INVALID, "page.token", "page.token is none that List has given out", e);
        }
    }

    private static <T> void answer(StreamObserver<T> reply, T message) {
        reply.onNext(message);
        reply.onCompleted();
    }
}
