package dev.fairlead.control.job.grpc;

import static dev.fairlead.control.job.JobFixture.LEASE;
import static dev.fairlead.control.job.JobFixture.train;
import static dev.fairlead.proto.v1.ControlMessage.MessageCase.ACK;
import static dev.fairlead.proto.v1.ControlMessage.MessageCase.ASSIGNMENT;
import static dev.fairlead.proto.v1.ControlMessage.MessageCase.DRAIN;
import static dev.fairlead.proto.v1.ControlMessage.MessageCase.HEARTBEAT_ACK;
import static dev.fairlead.proto.v1.ControlMessage.MessageCase.LOG_ACK;
import static dev.fairlead.proto.v1.ControlMessage.MessageCase.STOP;
import static dev.fairlead.proto.v1.ControlMessage.MessageCase.WELCOME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.agent.AgentState;
import dev.fairlead.control.event.Changes;
import dev.fairlead.control.event.Topic;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobState;
import dev.fairlead.control.wiring.ControlPlaneDatabase;
import dev.fairlead.proto.v1.AgentMessage;
import dev.fairlead.proto.v1.Assignment;
import dev.fairlead.proto.v1.AttemptRef;
import dev.fairlead.proto.v1.AttemptState;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class AgentStreamsTest {
    @RegisterExtension
    static final ControlPlaneDatabase DATABASE = ControlPlaneDatabase.fresh();

    @TempDir
    Path folder;

    private StreamFixture fixture;

    @BeforeEach
    void start() throws IOException {
        DATABASE.jdbi().useHandle(handle -> handle.execute("truncate job, past_attempt, agent, agent_tree"));
        fixture = new StreamFixture(DATABASE.jdbi(), DATABASE.transactions(), folder);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private FakeAgent connect(String name, AttemptRef... running) {
        FakeAgent agent = fixture.agent(name, 4, running);
        agent.expect(WELCOME);
        return agent;
    }

    private AttemptRef assigned(FakeAgent agent) {
        fixture.round();
        return agent.expect(ASSIGNMENT).getAssignment().getAttempt();
    }

    private JobState state(Job job) {
        return fixture.jobs.jobs.get(job.id()).state();
    }

    private void await(Topic topic, BooleanSupplier until) throws InterruptedException {
        Semaphore wake = new Semaphore(0);
        try (Changes.Subscription _ = fixture.jobs.changes.listen(topic, wake::release)) {
            while (!until.getAsBoolean()) {
                assertThat(wake.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void carriesAJobFromItsAssignmentToItsEnd() {
        FakeAgent agent = connect("mac-1");
        Job job = fixture.jobs.submit(train("digits"));
        fixture.round();

        Assignment assignment = agent.expect(ASSIGNMENT).getAssignment();
        assertThat(assignment.getSpec().getName()).isEqualTo("digits");
        assertThat(assignment.getDevice()).isEqualTo("cpu:0");
        assertThat(fixture.placing.placed()).isEqualTo(1);

        agent.update(assignment.getAttempt(), AttemptState.ATTEMPT_STATE_RUNNING, 1);
        assertThat(agent.expect(ACK).getAck().getAccepted()).isTrue();
        assertThat(state(job)).isEqualTo(JobState.RUNNING);
        agent.log(assignment.getAttempt(), 0, "epoch 1\n");
        assertThat(agent.expect(LOG_ACK).getLogAck().getOffset()).isEqualTo(8);
        agent.update(assignment.getAttempt(), AttemptState.ATTEMPT_STATE_SUCCEEDED, 2);
        assertThat(agent.expect(ACK).getAck().getAccepted()).isTrue();

        Job ended = fixture.jobs.jobs.get(job.id());
        assertThat(ended.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(new String(fixture.logs.read(ended.attempts().getFirst().id(), 0, 100), StandardCharsets.UTF_8))
                .isEqualTo("epoch 1\n");
    }

    @Test
    void recoversAJobWhoseLeaseRanOutAndRefusesTheLostAttempt() {
        FakeAgent lost = connect("mac-1");
        Job job = fixture.jobs.submit(train("digits"));
        AttemptRef first = assigned(lost);
        lost.update(first, AttemptState.ATTEMPT_STATE_RUNNING, 1);
        lost.expect(ACK);

        fixture.jobs.pass(LEASE.plusSeconds(1));
        fixture.jobs.attempts.sweep();
        assertThat(state(job)).isEqualTo(JobState.UNKNOWN);
        fixture.jobs.pass(Duration.ofSeconds(31));
        fixture.jobs.attempts.sweep();
        fixture.fleet.drain(new AgentName("mac-1"));
        FakeAgent other = connect("mac-2");
        AttemptRef second = assigned(other);
        assertThat(second.getFence()).isGreaterThan(first.getFence());

        lost.heartbeat(first);
        assertThat(lost.expect(HEARTBEAT_ACK).getHeartbeatAck().getRenewedList())
                .isEmpty();
        assertThat(lost.expect(STOP).getStop().getAttempt()).isEqualTo(first);
        lost.update(first, AttemptState.ATTEMPT_STATE_SUCCEEDED, 2);
        assertThat(lost.expect(ACK).getAck().getAccepted()).isFalse();

        other.update(second, AttemptState.ATTEMPT_STATE_SUCCEEDED, 1);
        assertThat(other.expect(ACK).getAck().getAccepted()).isTrue();
        assertThat(state(job)).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void adoptsWhatAnAgentStillRunsWhenItComesBack() throws InterruptedException {
        FakeAgent agent = connect("mac-1");
        Job job = fixture.jobs.submit(train("digits"));
        AttemptRef attempt = assigned(agent);
        agent.update(attempt, AttemptState.ATTEMPT_STATE_RUNNING, 1);
        agent.expect(ACK);
        agent.hangUp();
        await(Topic.AGENTS, () -> fixture.fleet.get(new AgentName("mac-1")).state() == AgentState.UNREACHABLE);
        fixture.jobs.pass(LEASE.plusSeconds(1));
        fixture.jobs.attempts.sweep();
        assertThat(state(job)).isEqualTo(JobState.UNKNOWN);

        FakeAgent back = fixture.agent("mac-1", 4, attempt);

        assertThat(back.expect(WELCOME).getWelcome().getAdoptedList()).containsExactly(attempt);
        assertThat(state(job)).isEqualTo(JobState.RUNNING);
        assertThat(fixture.fleet.get(new AgentName("mac-1")).state()).isEqualTo(AgentState.READY);
    }

    @Test
    void triesAgainWhatARestartedAgentForgot() {
        FakeAgent agent = connect("mac-1");
        Job job = fixture.jobs.submit(train("digits"));
        AttemptRef attempt = assigned(agent);
        agent.update(attempt, AttemptState.ATTEMPT_STATE_RUNNING, 1);
        agent.expect(ACK);

        FakeAgent back = connect("mac-1");

        assertThat(state(job)).isEqualTo(JobState.RECOVERING);
        assertThat(assigned(back).getFence()).isGreaterThan(attempt.getFence());
    }

    @Test
    void sendsAgainWhatAnAgentNeverConfirmed() {
        FakeAgent agent = connect("mac-1");
        fixture.jobs.submit(train("digits"));
        AttemptRef attempt = assigned(agent);

        assertThat(agent.expect(ASSIGNMENT).getAssignment().getAttempt()).isEqualTo(attempt);
        FakeAgent back = connect("mac-1");
        assertThat(back.expect(ASSIGNMENT).getAssignment().getAttempt()).isEqualTo(attempt);
    }

    @Test
    void stopsACancelledJob() {
        FakeAgent agent = connect("mac-1");
        Job job = fixture.jobs.submit(train("digits"));
        AttemptRef attempt = assigned(agent);
        agent.update(attempt, AttemptState.ATTEMPT_STATE_RUNNING, 1);
        agent.expect(ACK);

        fixture.jobs.jobs.cancel(job.id(), "cancelled by tester");
        assertThat(agent.expect(STOP).getStop().getAttempt()).isEqualTo(attempt);
        agent.update(attempt, AttemptState.ATTEMPT_STATE_CANCELLED, 2);
        agent.expect(ACK);

        assertThat(state(job)).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void closesTheOlderStreamOfTheSameAgent() {
        FakeAgent older = connect("mac-1");
        connect("mac-1");

        assertThat(Status.fromThrowable(older.end()).getCode()).isEqualTo(Status.Code.ABORTED);
        assertThat(fixture.fleet.get(new AgentName("mac-1")).state()).isEqualTo(AgentState.READY);
        assertThat(fixture.streams.size()).isEqualTo(1);
    }

    @Test
    void callsAnAgentOfflineAfterTheGrace() throws InterruptedException {
        FakeAgent agent = connect("mac-1");
        agent.hangUp();
        AgentName name = new AgentName("mac-1");
        await(Topic.AGENTS, () -> fixture.fleet.get(name).state() == AgentState.UNREACHABLE);
        fixture.jobs.pass(StreamFixture.GRACE.plusSeconds(1));
        fixture.fleet.sweep();
        assertThat(fixture.fleet.get(name).state()).isEqualTo(AgentState.OFFLINE);
    }

    @Test
    void tellsADrainedAgent() {
        FakeAgent agent = connect("mac-1");
        fixture.fleet.drain(new AgentName("mac-1"));
        assertThat(agent.expect(DRAIN).getDrain().getResume()).isFalse();
        fixture.fleet.resume(new AgentName("mac-1"));
        assertThat(agent.expect(DRAIN).getDrain().getResume()).isTrue();
    }

    @Test
    void refusesAMessageWithoutContent() {
        FakeAgent agent = connect("mac-1");
        agent.send(AgentMessage.newBuilder());
        assertThat(Status.fromThrowable(agent.end()).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
}
