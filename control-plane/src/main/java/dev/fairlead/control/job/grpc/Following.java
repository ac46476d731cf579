package dev.fairlead.control.job.grpc;

import com.google.protobuf.ByteString;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.event.Changes;
import dev.fairlead.control.job.Attempt;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.job.JobNews;
import dev.fairlead.control.job.Jobs;
import dev.fairlead.control.job.Logs;
import dev.fairlead.proto.v1.JobLogChunk;
import dev.fairlead.proto.v1.JobLogsRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Calls that stay open until their job moves. Each holds one virtual thread and looks again at least every second. */
public final class Following {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int CHUNK = 64 * 1024;

    private final Jobs jobs;
    private final JobNews news;
    private final Logs logs;

    public Following(Jobs jobs, JobNews news, Logs logs) {
        this.jobs = jobs;
        this.news = news;
        this.logs = logs;
    }

    /** Sends the job at once and at each change; ends after its end. */
    void watch(JobId id, StreamObserver<dev.fairlead.proto.v1.Job> reply) {
        Semaphore wake = new Semaphore(0);
        try (Changes.Subscription _ = news.watch(id, wake::release)) {
            Job sent = null;
            while (!gone(reply)) {
                wake.drainPermits();
                Job job = jobs.get(id);
                if (!job.equals(sent)) {
                    send(reply, JobMessages.job(job));
                    sent = job;
                }
                if (job.state().ended()) {
                    reply.onCompleted();
                    return;
                }
                await(wake);
            }
        }
    }

    /** Sends the log of one attempt; with {@code follow}, until the attempt has ended. */
    void logs(JobLogsRequest request, StreamObserver<JobLogChunk> reply) {
        JobId id = new JobId(request.getId());
        Attempt attempt = attempt(jobs.get(id), request.getAttempt());
        if (attempt == null && request.getFollow()) {
            attempt = firstAttempt(id, reply);
        }
        if (attempt != null) {
            copy(attempt, request, reply);
        }
        reply.onCompleted();
    }

    private void copy(Attempt attempt, JobLogsRequest request, StreamObserver<JobLogChunk> reply) {
        Semaphore wake = new Semaphore(0);
        long offset = request.getOffset();
        try (Changes.Subscription _ = news.watch(attempt.id().job(), wake::release);
                Changes.Subscription _ = logs.watch(attempt.id(), wake::release)) {
            while (!gone(reply)) {
                wake.drainPermits();
                // The state first: what is in the log once the attempt has ended is all there will be.
                boolean last = !request.getFollow() || ended(attempt);
                byte[] data = logs.read(attempt.id(), offset, CHUNK);
                while (data.length > 0 && !gone(reply)) {
                    send(
                            reply,
                            JobLogChunk.newBuilder()
                                    .setAttempt(attempt.id().number())
                                    .setOffset(offset)
                                    .setData(ByteString.copyFrom(data))
                                    .build());
                    offset += data.length;
                    data = logs.read(attempt.id(), offset, CHUNK);
                }
                if (last) {
                    return;
                }
                await(wake);
            }
        }
    }

    private @Nullable Attempt firstAttempt(JobId id, StreamObserver<?> reply) {
        Semaphore wake = new Semaphore(0);
        try (Changes.Subscription _ = news.watch(id, wake::release)) {
            while (!gone(reply)) {
                wake.drainPermits();
                Job job = jobs.get(id);
                if (job.latest() != null || job.state().ended()) {
                    return job.latest();
                }
                await(wake);
            }
            return null;
        }
    }

    private boolean ended(Attempt attempt) {
        return jobs.get(attempt.id().job()).attempts().stream()
                .filter(known -> known.id().equals(attempt.id()))
                .noneMatch(known -> known.state().live());
    }

    private static @Nullable Attempt attempt(Job job, int number) {
        if (number == 0) {
            return job.latest();
        }
        return job.attempts().stream()
                .filter(attempt -> attempt.id().number() == number)
                .findFirst()
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.ATTEMPT_NOT_FOUND,
                        "attempt",
                        "job " + job.id() + " has " + job.attempts().size() + " attempts; there is no attempt "
                                + number));
    }

    // A client that does not read must not fill this process' memory.
    private static <T> void send(StreamObserver<T> reply, T message) {
        if (reply instanceof ServerCallStreamObserver<T> call) {
            Semaphore never = new Semaphore(0);
            while (!call.isReady() && !call.isCancelled()) {
                await(never, Duration.ofMillis(5));
            }
        }
        reply.onNext(message);
    }

    private static boolean gone(StreamObserver<?> reply) {
        return Thread.currentThread().isInterrupted()
                || (reply instanceof ServerCallStreamObserver<?> call && call.isCancelled());
    }

    private static void await(Semaphore wake) {
        await(wake, LOOK);
    }

    private static void await(Semaphore wake, Duration most) {
        try {
            if (wake.tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
