package dev.fairlead.agent.session.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proto.v1.AttemptState;
import dev.fairlead.proto.v1.AttemptUpdate;
import dev.fairlead.proto.v1.ControlMessage;
import dev.fairlead.proto.v1.JobKind;
import dev.fairlead.proto.v1.JobSpec;
import dev.fairlead.proto.v1.Reason;
import dev.fairlead.proto.v1.StopAttempt;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** All the ways in which an attempt ends without a result. */
@Timeout(60)
class AttemptEndTest extends AgentFixture {
    AttemptEndTest() throws IOException {}

    @Test
    void cancelsOnRequest() {
        assign("a1", 1, shell("echo up; sleep 600"));
        control.awaitLog("a1", "up");

        control.send(ControlMessage.newBuilder()
                .setStop(StopAttempt.newBuilder()
                        .setAttempt(ref("a1", 1))
                        .setReason(Reason.newBuilder().setSentence("asked by ada")))
                .build());

        AttemptUpdate end = control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_CANCELLED);
        assertThat(end.getReason().getSentence()).isEqualTo("asked by ada");
    }

    @Test
    void endsAnAttemptThatRunsForTooLong() {
        assign(
                "a1",
                1,
                shell("echo up; sleep 600")
                        .setTimeout(com.google.protobuf.Duration.newBuilder().setSeconds(1)));

        AttemptUpdate end = control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_FAILED);

        assertThat(end.getReason().getCode()).isEqualTo("TimedOut");
        assertThat(end.getReason().getSentence()).endsWith("limit 1 s");
    }

    @Test
    void endsAnAttemptThatTakesTooMuchMemory() {
        assign(
                "a1",
                1,
                shell("sleep 600")
                        .setResources(
                                dev.fairlead.proto.v1.Resources.newBuilder().setMemoryBytes(1024)));

        AttemptUpdate end = control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_FAILED);

        assertThat(end.getReason().getCode()).isEqualTo("MemoryLimit");
        assertThat(end.getReason().getSentence()).startsWith("used ").endsWith("; limit 1.0 KiB");
    }

    @Test
    void refusesAnAssignmentThatMakesNoSense() {
        assign("a1", 1, JobSpec.newBuilder().setKind(JobKind.JOB_KIND_TRAIN).setName("empty"));

        AttemptUpdate end = control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_FAILED);

        assertThat(end.getReason().getCode()).isEqualTo("BadTask");
    }

    @Test
    void handsBackWhatDoesNotFinishWithinTheDrain() throws Exception {
        assign("a1", 1, shell("echo up; sleep 600"));
        control.awaitLog("a1", "up");

        agent.executor.drain(Duration.ofMillis(100), Duration.ofSeconds(20));

        AttemptUpdate end = control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_FAILED);
        assertThat(end.getReason().getCode()).isEqualTo("HandedBack");
        assertThat(agent.executor.attempts()).isEmpty();
        control.await("a draining heartbeat", () -> control.lastHeartbeat().getDraining());
    }

    @Test
    void killsTheProcessesOfAnAttemptThatIsNotAdopted() throws Exception {
        assign("a1", 1, shell("echo up; sleep 600 & sleep 600"));
        control.awaitLog("a1", "up");
        long group = Long.parseLong(
                Files.readString(home.resolve("attempts/a1.1/pid")).strip());

        control.fence(1);
        control.cut();

        var groups = new dev.fairlead.agent.process.SystemProcessGroups();
        control.await("the group to be gone", () -> groups.members(group).isEmpty());
        control.await(
                "the attempt to be forgotten", () -> agent.executor.attempts().isEmpty());
        assertThat(control.updates("a1"))
                .extracting(AttemptUpdate::getState)
                .doesNotContain(AttemptState.ATTEMPT_STATE_FAILED, AttemptState.ATTEMPT_STATE_CANCELLED);
        assertThat(home.resolve("attempts/a1.1")).doesNotExist();
    }

    @Test
    void stopsAnAttemptWhoseLeaseIsNotRenewed() {
        assign("a1", 1, shell("echo up; sleep 600"));
        control.awaitLog("a1", "up");

        control.fence(1);

        control.await(
                "the attempt to be forgotten", () -> agent.executor.attempts().isEmpty());
    }
}
