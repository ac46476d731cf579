package dev.fairlead.agent.session.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.agent.attempt.Steps;
import dev.fairlead.proto.v1.AttemptState;
import dev.fairlead.proto.v1.AttemptUpdate;
import dev.fairlead.proto.v1.JobInput;
import dev.fairlead.proto.v1.JobOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Inputs, outputs and logs over connections that break. */
@Timeout(60)
class TransferTest extends AgentFixture {
    TransferTest() throws IOException {}

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
    void goesOnWithAnUploadThatBroke() {
        control.artifacts.breakUploadsAfter.set(1 << 20);

        assign(
                "a1",
                1,
                shell("head -c 3000000 /dev/urandom >$FAIRLEAD_OUTPUT_OUT/noise; sha256sum <$FAIRLEAD_OUTPUT_OUT/noise")
                        .addOutputs(JobOutput.newBuilder().setName("out")));

        AttemptUpdate end = control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_SUCCEEDED);
        assertThat(control.artifacts.offsets).containsExactly(0L, (long) (1 << 20));
        assertThat(control.artifacts.trees.get(end.getOutputsOrThrow("out")))
                .singleElement()
                .satisfies(file -> {
                    var digest = file.getBlob().getDigest();
                    assertThat(digest).endsWith(control.log("a1").substring(0, 64));
                    assertThat(control.artifacts.blobs)
                            .hasEntrySatisfying(
                                    digest, bytes -> assertThat(bytes.size()).isEqualTo(3_000_000));
                });
    }

    @Test
    void cutsALogThatIsTooLong() throws IOException {
        assign(
                "a1",
                1,
                shell(
                        "head -c 1500000 /dev/zero | tr '\\0' x; echo up >" + home + "/up; while [ ! -e " + home
                                + "/go ]; do sleep 0.02; done; head -c 3000000 /dev/zero | tr '\\0' y; echo; echo the end; exit 4"));
        control.await("the start", () -> Files.exists(home.resolve("up")));
        control.await("the disk to be given back", () -> size(home.resolve("attempts/a1.1/log")) < LOG_LIMIT + 10_000);
        touch("go");

        AttemptUpdate end = control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_FAILED);

        assertThat(control.log("a1"))
                .startsWith("xxx")
                .doesNotContain("y")
                .endsWith("x\n[fairlead: the log is cut here: it is longer than 1.0 MiB]\n");
        assertThat(end.getReason().getSentence()).isEqualTo("the process ended with status 4: the end");
        control.await("the attempt's folder to go", () -> empty(home.resolve("attempts")));
    }

    @Test
    void keepsTheAttemptUntilItsLogIsTaken() throws IOException {
        agent.close();
        agent = new TestAgent(home, control.port(), Steps.NONE, Duration.ofMillis(50));
        control.acknowledge(true, false);
        assign("a1", 1, shell("echo one"));
        control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_SUCCEEDED);
        control.await(
                "the last acknowledgement",
                () -> agent.executor.attempts().stream()
                        .allMatch(attempt -> attempt.pending().isEmpty()));

        assertThat(home.resolve("attempts/a1.1")).isNotEmptyDirectory();

        control.acknowledge(true, true);
        control.cut();
        control.await("the attempt's folder to go", () -> empty(home.resolve("attempts")));
        assertThat(control.log("a1")).isEqualTo("one\n");
    }

    private static long size(Path file) {
        return file.toFile().length();
    }
}
