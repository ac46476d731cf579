package dev.fairlead.control.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.error.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever happens in whatever order, a job keeps what it promises. */
class LifecycleTest {
    private static final AgentName AGENT = new AgentName("mac-1");
    private static final Duration LEASE = Duration.ofSeconds(10);

    /** What can happen to a job. */
    enum Happening {
        PLACE,
        STAGING,
        RUNNING,
        SUCCEEDED,
        FAILED,
        CANCELLED,
        STALE_SUCCEEDED,
        RENEW,
        LOSE,
        GIVE_UP,
        FORGET,
        CANCEL
    }

    @Property(tries = 2000)
    void endsOnceAndNeverLetsAnOldFenceWrite(
            @ForAll @Size(max = 40) List<Happening> happenings, @ForAll @IntRange(min = 1, max = 4) int attempts) {
        Job job = submitted(attempts);
        Instant now = JobFixture.START;
        long fence = 1;
        AttemptRef first = null;
        for (int i = 0; i < happenings.size(); i++) {
            now = now.plusSeconds(1);
            Job before = job;
            job = after(job, happenings.get(i), new Lifecycle(now, LEASE, 0.5), new Fence(fence), first, i + 1);
            fence++;
            first = first == null && job.latest() != null ? job.latest().ref() : first;
            check(before, job, attempts);
        }
    }

    @ParameterizedTest
    @CsvSource({"ProcessFailed,RECOVERING", "BadTask,FAILED", "BadOutput,FAILED", "InvalidModel,FAILED"})
    void triesAgainOnlyWhatMayEndOtherwise(String code, JobState next) {
        Lifecycle life = new Lifecycle(JobFixture.START, LEASE, 0.5);
        Job running = life.place(submitted(3), AGENT, "cpu:0", new Fence(1));
        Report failure = new Report(
                running.live().ref(),
                AttemptState.FAILED,
                new Reason(code, "it failed"),
                Attempt.NONE,
                Attempt.NONE,
                Map.of(),
                "",
                1);
        assertThat(life.report(running, failure))
                .isInstanceOfSatisfying(
                        Verdict.Applied.class,
                        applied -> assertThat(applied.job().state()).isEqualTo(next));
    }

    private static void check(Job before, Job after, int attempts) {
        if (before.state().ended()) {
            assertThat(after).isEqualTo(before);
        }
        if (after.state() != before.state()) {
            assertThat(before.state().next()).contains(after.state());
        }
        assertThat(after.current().isPresent()).isEqualTo(after.state().held());
        assertThat(after.state().ended()).isEqualTo(after.finishedAt() != null);
        Attempt earlier = before.latest();
        Attempt later = after.latest();
        if (later != null) {
            assertThat(later.id().number()).isBetween(1, attempts);
            assertThat(earlier == null
                            || later.fence().value() >= earlier.fence().value())
                    .isTrue();
        }
    }

    private static Job after(
            Job job, Happening happening, Lifecycle life, Fence fence, @Nullable AttemptRef first, long sequence) {
        return switch (happening) {
            case PLACE -> job.state().waiting() ? life.place(job, AGENT, "cpu:0", fence) : job;
            case STAGING -> reported(job, life, AttemptState.STAGING, sequence);
            case RUNNING -> reported(job, life, AttemptState.RUNNING, sequence);
            case SUCCEEDED -> reported(job, life, AttemptState.SUCCEEDED, sequence);
            case FAILED -> reported(job, life, AttemptState.FAILED, sequence);
            case CANCELLED -> reported(job, life, AttemptState.CANCELLED, sequence);
            case STALE_SUCCEEDED -> {
                if (first != null && job.latest() != null && !job.latest().ref().equals(first)) {
                    assertThat(life.report(job, report(first, AttemptState.SUCCEEDED, sequence)))
                            .isInstanceOf(Verdict.Refused.class);
                }
                yield job;
            }
            case RENEW -> job.state().held() ? life.renew(job) : job;
            case LOSE -> job.state().held() && job.state() != JobState.UNKNOWN ? life.lose(job) : job;
            case GIVE_UP -> job.state() == JobState.UNKNOWN ? life.giveUp(job) : job;
            case FORGET -> job.state().held() ? life.forgotten(job) : job;
            case CANCEL -> life.cancel(job, "cancelled");
        };
    }

    private static Job reported(Job job, Lifecycle life, AttemptState state, long sequence) {
        Attempt latest = job.latest();
        if (latest == null) {
            return job;
        }
        return life.report(job, report(latest.ref(), state, sequence)) instanceof Verdict.Applied(Job next)
                ? next
                : job;
    }

    private static Report report(AttemptRef ref, AttemptState state, long sequence) {
        return new Report(ref, state, null, Attempt.NONE, Attempt.NONE, Map.of(), "", sequence);
    }

    private static Job submitted(int attempts) {
        JobSpec spec = JobFixture.train("digits").with(new RetryPolicy(attempts, Duration.ofSeconds(1)));
        Submission submission = new Submission(spec, "", "tester", null, "");
        return Job.submitted(JobId.next(JobFixture.START, new Random(3)), submission, spec, JobFixture.START);
    }
}
