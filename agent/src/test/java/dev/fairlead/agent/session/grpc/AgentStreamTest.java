package dev.fairlead.agent.session.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.fairlead.proto.v1.Assignment;
import dev.fairlead.proto.v1.AttemptRef;
import dev.fairlead.proto.v1.AttemptState;
import dev.fairlead.proto.v1.AttemptUpdate;
import dev.fairlead.proto.v1.CommandWork;
import dev.fairlead.proto.v1.ControlMessage;
import dev.fairlead.proto.v1.JobInput;
import dev.fairlead.proto.v1.JobKind;
import dev.fairlead.proto.v1.JobOutput;
import dev.fairlead.proto.v1.JobSpec;
import dev.fairlead.proto.v1.Reason;
import dev.fairlead.proto.v1.StopAttempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AgentStreamTest {
    @TempDir
    Path home;

    private FakeControlPlane control;
    private TestAgent agent;

    AgentStreamTest() throws IOException {
        control = new FakeControlPlane();
    }

    @BeforeEach
    void start() throws IOException {
        agent = new TestAgent(home, control.port());
    }

    @AfterEach
    void stop() throws Exception {
        agent.executor.attempts().forEach(attempt -> agent.executor.drop(attempt.key()));
        control.await("an empty agent", () -> agent.executor.attempts().isEmpty());
        agent.close();
        control.close();
    }

    private static AttemptRef ref(String attempt, long fence) {
        return AttemptRef.newBuilder()
                .setJobId("job-" + attempt)
                .setAttemptId(attempt)
                .setFence(fence)
                .build();
    }

    private static JobSpec.Builder shell(String script) {
        return JobSpec.newBuilder()
                .setKind(JobKind.JOB_KIND_TRAIN)
                .setName("test")
                .setTimeout(com.google.protobuf.Duration.newBuilder().setSeconds(60))
                .setCommand(CommandWork.newBuilder().addArgv("sh").addArgv("-c").addArgv(script));
    }

    private void assign(String attempt, long fence, JobSpec.Builder spec) {
        control.assign(Assignment.newBuilder()
                .setAttempt(ref(attempt, fence))
                .setSpec(spec)
                .setDevice("cpu:0")
                .setNumber(1)
                .build());
    }

    @Test
    void runsACommandFromInputToCommittedOutput() {
        String source = control.artifacts.put(Map.of("data/a.txt", "seven"));
        assign(
                "a1",
                1,
                shell("echo reading; tr a-z A-Z <data/a.txt >$FAIRLEAD_OUTPUT_OUT/b.txt; "
                                + "echo '{\"n\": 1}' >$FAIRLEAD_RESULT; echo $COLOUR")
                        .addInputs(JobInput.newBuilder().setName("source").setRef(source))
                        .addOutputs(JobOutput.newBuilder().setName("out"))
                        .putEnv("COLOUR", "green"));

        AttemptUpdate end = control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_SUCCEEDED);

        assertThat(end.getResultJson()).isEqualTo("{\"n\":1}");
        var files = control.artifacts.trees.get(end.getOutputsOrThrow("out"));
        assertThat(files).singleElement().satisfies(file -> {
            assertThat(file.getPath()).isEqualTo("b.txt");
            assertThat(control.artifacts.blobs.get(file.getBlob().getDigest()))
                    .isEqualTo(ByteString.copyFromUtf8("SEVEN"));
        });
        assertThat(control.log("a1")).isEqualTo("reading\ngreen\n");
        assertThat(control.updates("a1"))
                .extracting(AttemptUpdate::getSequence)
                .isEqualTo(java.util.List.of(1L, 2L, 3L));
        control.await("the attempt's folder to go", () -> empty(home.resolve("attempts")));
    }

    @Test
    void goesOnThroughACutStream() {
        assign("a1", 1, shell("echo one; while [ ! -e " + home + "/go ]; do sleep 0.02; done; echo two"));
        control.awaitLog("a1", "one");

        control.cut();
        touch("go");

        control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_SUCCEEDED);
        assertThat(control.log("a1")).isEqualTo("one\ntwo\n");
        assertThat(control.hellos()).hasSizeGreaterThan(1);
        assertThat(control.hellos().getLast().getRunningList()).isNotEmpty();
    }

    @Test
    void resendsTheResultToAControlPlaneThatComesBack() throws Exception {
        assign("a1", 1, shell("while [ ! -e " + home + "/go ]; do sleep 0.02; done"));
        control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_RUNNING);

        control.stop();
        touch("go");
        control.await("the end", () -> agent.executor.attempts().stream().allMatch(a -> a.ended()));
        control.start();

        control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_SUCCEEDED);
    }

    @Test
    void adoptsTheLivingProcessAfterARestartOfTheAgent() throws Exception {
        assign(
                "a1",
                1,
                shell("echo one; while [ ! -e " + home + "/go ]; do sleep 0.02; done; echo $$ >" + home
                        + "/who; echo two"));
        control.awaitLog("a1", "one");
        agent.close();

        agent = new TestAgent(home, control.port());
        touch("go");

        control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_SUCCEEDED);
        assertThat(control.log("a1")).isEqualTo("one\ntwo\n");
        assertThat(Files.readAllLines(home.resolve("who"))).hasSize(1);
        assertThat(control.updates("a1")).extracting(AttemptUpdate::getSequence).doesNotHaveDuplicates();
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

    @Test
    void dropsAResultThatIsRefused() {
        control.acknowledge(false, true);
        assign("a1", 1, shell("true"));
        control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_SUCCEEDED);

        control.fence(1);
        control.acknowledge(true, true);
        control.cut();

        control.await(
                "the attempt to be forgotten", () -> agent.executor.attempts().isEmpty());
    }

    @Test
    void dropsAnAttemptWhoseCommitIsFencedOff() {
        control.artifacts.fenced = true;
        assign("a1", 1, shell("true").addOutputs(JobOutput.newBuilder().setName("out")));

        control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_RUNNING);
        control.await(
                "the attempt to be forgotten", () -> agent.executor.attempts().isEmpty());

        assertThat(control.updates("a1"))
                .extracting(AttemptUpdate::getState)
                .doesNotContain(AttemptState.ATTEMPT_STATE_SUCCEEDED);
    }

    @Test
    void resumesTheLogFromWhatWasAcknowledged() {
        assign(
                "a1",
                1,
                shell("head -c 200000 /dev/zero | tr '\\0' x; while [ ! -e " + home
                        + "/go ]; do sleep 0.02; done; echo end"));
        control.await("the first part", () -> control.log("a1").length() == 200_000);
        control.acknowledge(true, false);
        control.cut();
        touch("go");
        control.await("an unacknowledged chunk", () -> control.logOffsets().getLast() == 200_000);

        control.acknowledge(true, true);
        control.cut();

        control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_SUCCEEDED);
        assertThat(control.log("a1")).hasSize(200_004).endsWith("end\n");
        assertThat(control.logOffsets().stream().filter(offset -> offset == 0)).hasSize(1);
    }

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
    void goesOnWithADownloadThatBroke() {
        String text = "0123456789".repeat(1000);
        String source = control.artifacts.put(Map.of("a.txt", text));
        control.artifacts.breakDownloadsAfter.set(4000);

        assign(
                "a1",
                1,
                shell("wc -c <a.txt")
                        .addInputs(JobInput.newBuilder().setName("source").setRef(source)));

        control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_SUCCEEDED);
        assertThat(control.log("a1").strip()).isEqualTo("10000");
        assertThat(control.artifacts.offsets).hasSize(2);
        assertThat(control.artifacts.offsets.getLast()).isBetween(1L, 4000L);
    }

    private void touch(String name) {
        try {
            Files.writeString(home.resolve(name), "");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean empty(Path folder) {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
