package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.proto.v1.Attempt;
import dev.fairlead.proto.v1.AttemptState;
import dev.fairlead.proto.v1.CommitTreeRequest;
import dev.fairlead.proto.v1.GetTreeRequest;
import dev.fairlead.proto.v1.Job;
import dev.fairlead.proto.v1.JobState;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a job when the agent that runs it dies, freezes, or loses the network. */
class AgentLossIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path gate;

    private Cluster cluster;

    @BeforeEach
    void start() {
        cluster = Cluster.start();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void recoversOnceOnAnotherAgentWhenTheMachineDies() throws Exception {
        var lost = cluster.cudaAgent("node-1");
        var id = submitAndAwaitStart(1);
        cluster.cudaAgent("node-2");

        lost.killWithChildren();
        awaitStarts(2);
        open();

        var job = succeeded(id);
        assertThat(job.getAttemptsList()).extracting("agent").containsExactly("node-1", "node-2");
        assertThat(job.getAttempts(0).getState()).isEqualTo(AttemptState.ATTEMPT_STATE_FENCED);
        assertOneResult(job);
        assertThat(starts()).isEqualTo(2);
    }

    @Test
    void adoptsTheRunningProcessWhenOnlyTheAgentDiesAndComesBack() throws Exception {
        var first = cluster.cudaAgent("node-1");
        var id = submitAndAwaitStart(1);

        first.kill();
        cluster.cudaAgent("node-1");
        open();

        var job = succeeded(id);
        assertThat(job.getAttemptsList()).hasSize(1);
        assertOneResult(job);
        assertThat(starts()).isEqualTo(1);
    }

    @Test
    void refusesTheLateWriteOfAnAgentThatWasFrozenPastItsLease() throws Exception {
        var frozen = cluster.cudaAgent("node-1");
        var id = submitAndAwaitStart(1);
        cluster.cudaAgent("node-2");

        frozen.stop();
        awaitStarts(2);
        open();
        var job = succeeded(id);
        var outputs = job.getOutputsMap();
        frozen.resume();
        awaitDropped("node-1");
        assertRefused(job.getAttempts(0), job.getOutputsOrThrow("result"));

        var after = cluster.client().job(id);
        assertThat(after.getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        assertThat(after.getOutputsMap()).isEqualTo(outputs);
        assertThat(after.getAttemptsList())
                .extracting("state")
                .containsExactly(AttemptState.ATTEMPT_STATE_FENCED, AttemptState.ATTEMPT_STATE_SUCCEEDED);
        assertThat(after.getAttempts(1).getFence())
                .isGreaterThan(after.getAttempts(0).getFence());
    }

    @Test
    void keepsTheAttemptOverACutShorterThanTheGrace() throws Exception {
        var link = cluster.link();
        cluster.cudaAgent("node-1", link.port());
        var id = submitAndAwaitStart(1);

        link.cut();
        awaitState(id, JobState.JOB_STATE_UNKNOWN);
        link.mend();
        awaitState(id, JobState.JOB_STATE_RUNNING);
        open();

        var job = succeeded(id);
        assertThat(job.getAttemptsList()).hasSize(1);
        assertThat(starts()).isEqualTo(1);
    }

    @Test
    void movesTheJobOverACutLongerThanTheGrace() throws Exception {
        var link = cluster.link();
        cluster.cudaAgent("node-1", link.port());
        var id = submitAndAwaitStart(1);
        cluster.cudaAgent("node-2");

        link.cut();
        awaitStarts(2);
        link.mend();
        open();

        var job = succeeded(id);
        assertThat(job.getAttemptsList()).extracting("agent").containsExactly("node-1", "node-2");
        assertOneResult(job);
    }

    /** The agent has let go of everything that it still had. */
    private void awaitDropped(String agent) {
        var attempts = cluster.folder().resolve(agent).resolve("attempts").toFile();
        Await.until(
                agent + " to drop its attempt",
                LIMIT,
                () -> Arrays.toString(attempts.list()),
                () -> Objects.requireNonNullElse(attempts.list(), new String[0]).length == 0);
    }

    /** What the frozen agent would have committed is refused under its fence, whoever sends it. */
    private void assertRefused(Attempt lost, String tree) {
        var files = cluster.client()
                .artifacts()
                .getTree(GetTreeRequest.newBuilder().setDigest(tree).build())
                .getFilesList();
        var late = CommitTreeRequest.newBuilder()
                .addAllFiles(files)
                .setAttemptId(lost.getId())
                .setFence(lost.getFence())
                .build();
        assertThatThrownBy(() -> cluster.client().artifacts().commitTree(late))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        failure -> assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.ABORTED));
    }

    private String submitAndAwaitStart(int starts) throws IOException {
        var id = cluster.client().submit(Specs.gated(gate, "cuda").build(), "").getId();
        awaitStarts(starts);
        awaitState(id, JobState.JOB_STATE_RUNNING);
        return id;
    }

    private void awaitState(String id, JobState state) {
        cluster.client().awaitJob(id, LIMIT, Set.of(state));
    }

    private void awaitStarts(int count) {
        Await.until(count + " starts of the work", LIMIT, () -> starts() >= count);
    }

    private int starts() {
        try {
            var file = gate.resolve("started");
            return Files.exists(file) ? Files.readAllLines(file).size() : 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void open() throws IOException {
        Files.createFile(gate.resolve("go"));
    }

    private Job succeeded(String id) {
        return cluster.client().awaitJob(id, LIMIT, Set.of(JobState.JOB_STATE_SUCCEEDED));
    }

    private void assertOneResult(Job job) {
        assertThat(job.getOutputsMap()).containsOnlyKeys("result");
        var value = cluster.client().read(job.getOutputsOrThrow("result"), "value.txt");
        assertThat(new String(value, StandardCharsets.UTF_8)).isEqualTo("done\n");
        assertThat(job.getAttemptsList())
                .filteredOn(attempt -> attempt.getState() == AttemptState.ATTEMPT_STATE_SUCCEEDED)
                .hasSize(1);
    }
}
