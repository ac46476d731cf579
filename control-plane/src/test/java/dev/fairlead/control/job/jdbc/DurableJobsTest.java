package dev.fairlead.control.job.jdbc;

import static dev.fairlead.control.job.JobFixture.LEASE;
import static dev.fairlead.control.job.JobFixture.MAC;
import static dev.fairlead.control.job.JobFixture.TREE;
import static dev.fairlead.control.job.JobFixture.ref;
import static dev.fairlead.control.job.JobFixture.train;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.job.Attempt;
import dev.fairlead.control.job.AttemptRef;
import dev.fairlead.control.job.AttemptState;
import dev.fairlead.control.job.Attempts.Placement;
import dev.fairlead.control.job.DisconnectPolicy;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobFixture;
import dev.fairlead.control.job.JobInput;
import dev.fairlead.control.job.JobQuery;
import dev.fairlead.control.job.JobState;
import dev.fairlead.control.job.RetryPolicy;
import dev.fairlead.control.job.Submitted;
import dev.fairlead.control.job.Verdict;
import dev.fairlead.control.wiring.ControlPlaneDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DurableJobsTest {
    @RegisterExtension
    static final ControlPlaneDatabase DATABASE = ControlPlaneDatabase.fresh();

    private JobFixture fixture;

    @BeforeEach
    void start() {
        DATABASE.jdbi().useHandle(handle -> handle.execute("truncate job, past_attempt"));
        fixture = new JobFixture(DATABASE.jdbi(), DATABASE.transactions());
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void keepsWhatWasSubmitted() {
        Job job = fixture.submit(train("digits").withInputs(List.of(new JobInput("source", "digits@1"))));

        Job read = new JdbiJobStore(DATABASE.jdbi()).find(job.id()).orElseThrow();

        assertThat(read).isEqualTo(job);
        assertThat(read.state()).isEqualTo(JobState.SUBMITTED);
        assertThat(read.spec().inputs()).containsExactly(new JobInput("source", TREE.toString()));
    }

    @Test
    void namesTheInputThatDoesNotExist() {
        assertThatThrownBy(
                        () -> fixture.submit(train("digits").withInputs(List.of(new JobInput("source", "nothing@1")))))
                .isInstanceOfSatisfying(
                        FairleadException.class, e -> assertThat(e.field()).isEqualTo("spec.inputs[0].ref"));
    }

    @Test
    void givesOneJobForAThousandSubmissionsAtOnce() throws Exception {
        List<Future<Submitted>> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 1000; i++) {
                answers.add(callers.submit(() -> fixture.submit(train("digits"), "key")));
            }
        }
        Set<String> ids = new HashSet<>();
        int created = 0;
        for (Future<Submitted> answer : answers) {
            ids.add(answer.get().job().id().value());
            created += answer.get().created() ? 1 : 0;
        }
        assertThat(ids).hasSize(1);
        assertThat(created).isEqualTo(1);
    }

    @Test
    void refusesAKeyThatBelongsToAnotherSpecification() {
        fixture.submit(train("digits"), "key");

        assertThatThrownBy(() -> fixture.submit(train("other"), "key"))
                .isInstanceOfSatisfying(
                        FairleadException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IDEMPOTENCY_CONFLICT));
    }

    @Test
    void placesEachOfTenThousandJobsOnceThoughTwoLoopsRace() throws Exception {
        int count = 10_000;
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Job>> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                answers.add(callers.submit(() -> fixture.submit(train("digits"))));
            }
            for (Future<Job> answer : answers) {
                answer.get();
            }
        }
        ConcurrentLinkedQueue<Job> placed = new ConcurrentLinkedQueue<>();
        try (ExecutorService loops = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> ends = new ArrayList<>();
            for (String name : List.of("mac-1", "mac-2")) {
                ends.add(loops.submit(() -> race(new AgentName(name), placed)));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        }
        assertThat(placed).hasSize(count);
        assertThat(placed.stream().map(Job::id).distinct()).hasSize(count);
        assertThat(placed.stream().map(job -> ref(job).fence()).distinct()).hasSize(count);
    }

    private void race(AgentName agent, ConcurrentLinkedQueue<Job> placed) {
        List<Job> waiting = fixture.store.waiting(JobFixture.START, 0, 700);
        while (!waiting.isEmpty()) {
            placed.addAll(fixture.attempts.place(waiting.stream()
                    .map(job -> new Placement(job, agent, "cpu:0"))
                    .toList()));
            waiting = fixture.store.waiting(JobFixture.START, 0, 700);
        }
    }

    @Test
    void goesFromPlacedToSucceededInOneReport() {
        Job placed = fixture.place(fixture.submit(train("digits")), MAC);

        Verdict verdict = fixture.report(ref(placed), MAC, AttemptState.SUCCEEDED, 1);

        assertThat(verdict).isInstanceOf(Verdict.Applied.class);
        Job job = fixture.jobs.get(placed.id());
        assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(job.finishedAt()).isEqualTo(JobFixture.START);
        assertThat(fixture.catalog.registered).extracting(Job::id).containsExactly(placed.id());
        assertThat(fixture.report(ref(placed), MAC, AttemptState.SUCCEEDED, 1)).isInstanceOf(Verdict.Repeated.class);
        assertThat(fixture.catalog.registered).hasSize(1);
    }

    @Test
    void recoversOnAnotherAgentAndRefusesTheLostOne() {
        AgentName other = new AgentName("mac-2");
        Job placed = fixture.place(fixture.submit(train("digits")), MAC);
        AttemptRef lost = ref(placed);
        fixture.report(lost, MAC, AttemptState.RUNNING, 1);

        fixture.pass(LEASE.plusSeconds(1));
        fixture.attempts.sweep();
        assertThat(fixture.jobs.get(placed.id()).state()).isEqualTo(JobState.UNKNOWN);

        fixture.pass(Duration.ofSeconds(31));
        fixture.attempts.sweep();
        assertThat(fixture.jobs.get(placed.id()).state()).isEqualTo(JobState.RECOVERING);

        fixture.place(placed, other);
        assertThat(fixture.report(lost, MAC, AttemptState.SUCCEEDED, 2)).isInstanceOf(Verdict.Refused.class);
        assertThat(fixture.attempts.renew(MAC, List.of(lost))).isEmpty();

        Job second = fixture.jobs.get(placed.id());
        assertThat(second.attempts())
                .extracting(Attempt::state)
                .containsExactly(AttemptState.FENCED, AttemptState.PLACED);
        assertThat(ref(second).fence().value()).isGreaterThan(lost.fence().value());
        fixture.report(ref(second), other, AttemptState.SUCCEEDED, 1);
        assertThat(fixture.jobs.get(placed.id()).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void acceptsTheResultOfAnUnknownAttemptThatStillHoldsTheFence() {
        Job placed = fixture.place(fixture.submit(train("digits")), MAC);
        fixture.pass(LEASE.plusSeconds(1));
        fixture.attempts.sweep();

        assertThat(fixture.report(ref(placed), MAC, AttemptState.SUCCEEDED, 1).accepted())
                .isTrue();
        assertThat(fixture.jobs.get(placed.id()).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void adoptsAnUnknownAttemptWhenItsAgentRenewsIt() {
        Job placed = fixture.place(fixture.submit(train("digits")), MAC);
        fixture.report(ref(placed), MAC, AttemptState.RUNNING, 1);
        fixture.pass(LEASE.plusSeconds(1));
        fixture.attempts.sweep();

        assertThat(fixture.attempts.renew(MAC, List.of(ref(placed)))).containsExactly(ref(placed));
        assertThat(fixture.jobs.get(placed.id()).state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void triesAgainAtOnceWhatARestartedAgentDoesNotRunAnyMore() {
        Job running = fixture.place(fixture.submit(train("running")), MAC);
        Job forgotten = fixture.place(fixture.submit(train("forgotten")), MAC);
        Job unconfirmed = fixture.place(fixture.submit(train("unconfirmed")), MAC);
        fixture.report(ref(running), MAC, AttemptState.RUNNING, 1);
        fixture.report(ref(forgotten), MAC, AttemptState.RUNNING, 1);

        assertThat(fixture.attempts.reconcile(MAC, List.of(ref(running)))).containsExactly(ref(running));

        assertThat(fixture.jobs.get(running.id()).state()).isEqualTo(JobState.RUNNING);
        assertThat(fixture.jobs.get(forgotten.id()).state()).isEqualTo(JobState.RECOVERING);
        assertThat(fixture.jobs.get(unconfirmed.id()).state()).isEqualTo(JobState.PLACED);
    }

    @Test
    void failsWhenNoAttemptRemains() {
        Job job = fixture.submit(train("digits").with(new RetryPolicy(2, Duration.ofSeconds(4))));
        fixture.report(ref(fixture.place(job, MAC)), MAC, AttemptState.FAILED, 1);

        Job recovering = fixture.jobs.get(job.id());
        assertThat(recovering.state()).isEqualTo(JobState.RECOVERING);
        assertThat(recovering.dueAt()).isBetween(JobFixture.START.plusSeconds(2), JobFixture.START.plusSeconds(4));
        assertThat(fixture.store.waiting(JobFixture.START, 0, 10)).isEmpty();

        fixture.report(ref(fixture.place(job, MAC)), MAC, AttemptState.FAILED, 1);
        assertThat(fixture.jobs.get(job.id()).state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void waitsForTheAgentWhereThePolicySaysSo() {
        Job job = fixture.submit(train("digits")
                .with(new DisconnectPolicy(DisconnectPolicy.Action.WAIT, Duration.ofHours(1)))
                .with(new RetryPolicy(1, Duration.ZERO)));
        fixture.report(ref(fixture.place(job, MAC)), MAC, AttemptState.RUNNING, 1);
        fixture.pass(Duration.ofMinutes(30));
        fixture.attempts.sweep();
        fixture.pass(Duration.ofMinutes(59));
        fixture.attempts.sweep();
        assertThat(fixture.jobs.get(job.id()).state()).isEqualTo(JobState.UNKNOWN);
        fixture.pass(Duration.ofMinutes(2));
        fixture.attempts.sweep();
        assertThat(fixture.jobs.get(job.id()).state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void cancelsAtOnceWhatNoAgentHolds() {
        Job job = fixture.submit(train("digits"));
        assertThat(fixture.jobs.cancel(job.id(), "not needed").state()).isEqualTo(JobState.CANCELLED);
        assertThat(fixture.jobs.cancel(job.id(), "again").state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void cancelsWhatAnAgentHoldsWhenTheAgentSaysSo() {
        Job job = fixture.place(fixture.submit(train("digits")), MAC);
        assertThat(fixture.jobs.cancel(job.id(), "not needed").cancelRequested())
                .isTrue();
        fixture.report(ref(job), MAC, AttemptState.CANCELLED, 1);
        assertThat(fixture.jobs.get(job.id()).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void listsTheNewestFirst() {
        Job first = fixture.submit(train("first"));
        fixture.pass(Duration.ofSeconds(1));
        Job second = fixture.submit(train("second"));

        assertThat(fixture.jobs.list(new JobQuery(10, null, Set.of(), null)))
                .extracting(Job::id)
                .containsExactly(second.id(), first.id());
        assertThat(fixture.jobs.list(new JobQuery(10, second.id(), Set.of(JobState.SUBMITTED), null)))
                .extracting(Job::id)
                .containsExactly(first.id());
    }
}
