package dev.fairlead.control.job.grpc;

import static dev.fairlead.control.job.JobFixture.train;
import static dev.fairlead.proto.v1.ControlMessage.MessageCase.ACK;
import static dev.fairlead.proto.v1.ControlMessage.MessageCase.ASSIGNMENT;
import static dev.fairlead.proto.v1.ControlMessage.MessageCase.WELCOME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobState;
import dev.fairlead.control.job.Submission;
import dev.fairlead.control.job.Submitted;
import dev.fairlead.control.wiring.ControlPlaneDatabase;
import dev.fairlead.proto.v1.AttemptRef;
import dev.fairlead.proto.v1.AttemptState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that are placed by the statement that stores them. */
class ArrivalsTest {
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

    private FakeAgent connect(int slots) {
        FakeAgent agent = fixture.agent("mac-1", slots);
        agent.expect(WELCOME);
        return agent;
    }

    private Submitted submit(String name, String key) {
        return fixture.arriving.submit(new Submission(train(name), key, "tester", null, ""));
    }

    @Test
    void placesAJobAsItArrivesWhereAnAgentHasRoom() {
        FakeAgent agent = connect(1);
        fixture.placing.lead(true);

        Job job = submit("first", "").job();

        assertThat(job.state()).isEqualTo(JobState.PLACED);
        assertThat(fixture.arriving.get(job.id())).isEqualTo(job);
        assertThat(fixture.placing.placed()).isEqualTo(1);
        AttemptRef attempt = agent.expect(ASSIGNMENT).getAssignment().getAttempt();
        assertThat(attempt.getFence())
                .isEqualTo(job.attempts().getFirst().fence().value());
        agent.update(attempt, AttemptState.ATTEMPT_STATE_SUCCEEDED, 1);
        agent.expect(ACK);
        assertThat(fixture.arriving.get(job.id()).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void leavesAJobToTheRoundWhereNoAgentHasRoom() {
        connect(1);
        fixture.placing.lead(true);
        submit("first", "");

        Job second = submit("second", "").job();

        assertThat(second.state()).isEqualTo(JobState.SUBMITTED);
        assertThat(second.latest()).isNull();
        assertThat(fixture.arriving.get(second.id())).isEqualTo(second);
    }

    @Test
    void overtakesNothingThatWaits() {
        Job first = submit("first", "").job();
        connect(1);
        fixture.placing.lead(true);
        fixture.jobs.pass(Duration.ofMillis(1));

        Job second = submit("second", "").job();
        fixture.round();

        assertThat(second.state()).isEqualTo(JobState.SUBMITTED);
        assertThat(fixture.arriving.get(first.id()).state()).isEqualTo(JobState.PLACED);
        assertThat(fixture.arriving.get(second.id()).state()).isEqualTo(JobState.SUBMITTED);
    }

    @Test
    void placesNothingWhereAnotherControlPlaneLeads() {
        connect(1);

        assertThat(submit("first", "").job().state()).isEqualTo(JobState.SUBMITTED);
        fixture.placing.lead(true);
        fixture.placing.lead(false);
        fixture.round();
        assertThat(submit("second", "").job().state()).isEqualTo(JobState.SUBMITTED);
    }

    @Test
    void beginsNoSecondAttemptForAKeyThatIsTaken() {
        connect(2);
        fixture.placing.lead(true);
        Job first = submit("first", "key").job();

        Submitted again = submit("first", "key");

        assertThat(again.created()).isFalse();
        assertThat(again.job()).isEqualTo(first);
        assertThat(fixture.placing.placed()).isEqualTo(1);
        assertThat(submit("second", "").job().state()).isEqualTo(JobState.PLACED);
    }

    @Test
    void forgetsALookAtTheFleetWithWhatHappensAfterIt() {
        FakeAgent agent = connect(1);
        fixture.placing.lead(true);
        fixture.round();
        Job first = submit("first", "").job();
        assertThat(first.state()).isEqualTo(JobState.PLACED);
        assertThat(submit("second", "").job().state()).isEqualTo(JobState.SUBMITTED);

        AttemptRef attempt = agent.expect(ASSIGNMENT).getAssignment().getAttempt();
        agent.update(attempt, AttemptState.ATTEMPT_STATE_SUCCEEDED, 1);
        agent.expect(ACK);
        fixture.round();
        AttemptRef second = agent.expect(ASSIGNMENT).getAssignment().getAttempt();
        agent.update(second, AttemptState.ATTEMPT_STATE_SUCCEEDED, 1);
        agent.expect(ACK);

        assertThat(submit("third", "").job().state()).isEqualTo(JobState.PLACED);
    }
}
