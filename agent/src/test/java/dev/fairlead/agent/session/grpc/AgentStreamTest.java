package dev.fairlead.agent.session.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.fairlead.proto.v1.AttemptState;
import dev.fairlead.proto.v1.AttemptUpdate;
import dev.fairlead.proto.v1.JobInput;
import dev.fairlead.proto.v1.JobOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An agent and its control plane, over real gRPC and with real processes. */
@Timeout(60)
class AgentStreamTest extends AgentFixture {
    AgentStreamTest() throws IOException {}

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
}
