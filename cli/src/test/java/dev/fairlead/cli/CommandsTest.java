package dev.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.proto.v1.Agent;
import dev.fairlead.proto.v1.AgentState;
import dev.fairlead.proto.v1.Attempt;
import dev.fairlead.proto.v1.Candidate;
import dev.fairlead.proto.v1.Device;
import dev.fairlead.proto.v1.ErrorDetail;
import dev.fairlead.proto.v1.Fingerprint;
import dev.fairlead.proto.v1.Job;
import dev.fairlead.proto.v1.JobKind;
import dev.fairlead.proto.v1.JobSpec;
import dev.fairlead.proto.v1.JobState;
import dev.fairlead.proto.v1.ListAgentsResponse;
import dev.fairlead.proto.v1.Machine;
import dev.fairlead.proto.v1.OutputParity;
import dev.fairlead.proto.v1.ParityReport;
import dev.fairlead.proto.v1.ParityVerdict;
import dev.fairlead.proto.v1.PlanJobResponse;
import dev.fairlead.proto.v1.Promotion;
import dev.fairlead.proto.v1.PromotionState;
import dev.fairlead.proto.v1.Reason;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommandsTest {
    @TempDir
    Path folder;

    private FakeControlPlane server;
    private final Cli cli = new Cli();

    @BeforeEach
    void start() throws IOException {
        server = new FakeControlPlane();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void sendsTokenAndTraceWithEveryCall() {
        assertThat(cli.run(server, "agent", "ls")).isZero();
        var headers = server.headers.getFirst();
        assertThat(headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER)))
                .isEqualTo("Bearer secret");
        assertThat(headers.get(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER)))
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    }

    @Test
    void retriesWhileTheServerIsUnavailable() {
        server.unavailable.set(2);
        assertThat(cli.run(server, "agent", "ls")).isZero();
        assertThat(cli.out()).isEqualTo("no agents\n");
    }

    @Test
    void saysWhatToDoWithoutAControlPlane() {
        var address = server.address();
        server.close();
        assertThat(cli.run("agent", "ls", "--server", address)).isEqualTo(3);
        assertThat(cli.err())
                .isEqualTo("error: no control plane at " + address
                        + "\n  Start one with `fairlead up`, or name another with --server.\n");
    }

    @ParameterizedTest
    @CsvSource({
        "PERMISSION_DENIED, 4",
        "UNAUTHENTICATED, 4",
        "NOT_FOUND, 5",
        "ALREADY_EXISTS, 6",
        "FAILED_PRECONDITION, 6",
        "ABORTED, 6",
        "INVALID_ARGUMENT, 2",
        "RESOURCE_EXHAUSTED, 1",
        "INTERNAL, 8",
    })
    void exitCodesFollowTheStatus(Status.Code code, int exit) {
        server.failWith = code.toStatus().withDescription("must be a name");
        server.failDetail = ErrorDetail.newBuilder().setField("spec.name").build();
        assertThat(cli.run(server, "job", "cancel", "job-1")).isEqualTo(exit);
        assertThat(cli.err()).startsWith("error: spec.name: must be a name\n");
    }

    @Test
    void usageErrorsPointToTheHelp() {
        assertThat(cli.run("job", "submit")).isEqualTo(2);
        assertThat(cli.err())
                .isEqualTo("error: Missing required parameter: 'FILE'\n  See fairlead job submit --help.\n");
        assertThat(new Cli().run("job", "submit", "--help")).isZero();
        assertThat(new Cli().run("agent", "ls", "--server", "nonsense")).isEqualTo(2);
    }

    @Test
    void listsTheFleet() {
        server.agents = ListAgentsResponse.newBuilder()
                .addAgents(Agent.newBuilder()
                        .setName("mbp-7")
                        .setPool("mac")
                        .setState(AgentState.AGENT_STATE_READY)
                        .setMachine(Machine.newBuilder()
                                .setStandIn(true)
                                .setNote("no Metal on Linux")
                                .addDevices(Device.newBuilder().setId("cpu:0").setBudgetBytes(8L << 30))))
                .build();
        assertThat(cli.run(server, "agent", "ls")).isZero();
        assertThat(cli.out()).isEqualTo("""
                AGENT  POOL  STATE  DEVICES  BUDGET   RUNNING  SEEN  NOTE
                mbp-7  mac   ready  cpu:0    8.0 GiB  0        -     stand-in; no Metal on Linux
                """);
    }

    @Test
    void printsProtobufJson() throws IOException {
        assertThat(cli.run(server, "agent", "ls", "-o", "json")).isZero();
        assertThat(new ObjectMapper().readTree(cli.out()).path("agents").isArray())
                .isTrue();
    }

    @Test
    void showsTheCandidateTable() throws IOException {
        server.plan = PlanJobResponse.newBuilder()
                .setPending(
                        reason("InsufficientMemory", "needs 18.2 GiB; largest free Mac budget is 16.0 GiB on mbp-7"))
                .addCandidates(Candidate.newBuilder()
                        .setAgent("mbp-7")
                        .setPool("mac")
                        .setFreeMemoryBytes(16L << 30)
                        .setReason(reason("InsufficientMemory", "2.2 GiB short")))
                .build();
        assertThat(cli.run(server, "job", "plan", jobFile())).isZero();
        assertThat(cli.out()).isEqualTo("""
                AGENT  POOL  FITS  FREE      LOCAL  SCORE  REASON
                mbp-7  mac   no    16.0 GiB  0 B    -      InsufficientMemory: 2.2 GiB short
                would wait: InsufficientMemory: needs 18.2 GiB; largest free Mac budget is 16.0 GiB on mbp-7
                """);
    }

    @Test
    void submitsWithAnUploadedFolderAndAKey() throws IOException {
        assertThat(cli.run(server, "job", "submit", jobFile())).isZero();
        assertThat(cli.out()).isEqualTo("job-1\n");
        var request = server.submitted.getFirst();
        assertThat(request.getIdempotencyKey()).isEqualTo("key-1");
        assertThat(request.getSpec().getInputs(0).getRef())
                .isEqualTo(server.trees.getFirst().getDigest());
    }

    @Test
    void followsALogAndEndsWithTheJobsOutcome() throws IOException {
        server.jobStates = java.util.List.of(job(JobState.JOB_STATE_FAILED).toBuilder()
                .setReason(reason("ExitCode", "exit code 3"))
                .build());
        assertThat(cli.run(server, "job", "submit", jobFile(), "--follow")).isEqualTo(1);
        assertThat(cli.out()).isEqualTo("epoch 1 · loss 0.5\n");
        assertThat(cli.err()).endsWith("job job-1 failed: ExitCode: exit code 3\n");
    }

    @Test
    void watchesAJobToItsEnd() {
        server.jobStates = java.util.List.of(job(JobState.JOB_STATE_RUNNING), job(JobState.JOB_STATE_SUCCEEDED));
        assertThat(cli.run(server, "job", "watch", "job-1")).isZero();
        assertThat(cli.out()).isEqualTo("running on mbp-7 40 %\nsucceeded on mbp-7 40 %\n");
    }

    @Test
    void showsAParityReportAndItsVerdict() {
        server.report = ParityReport.newBuilder()
                .setVerdict(ParityVerdict.PARITY_VERDICT_INCONCLUSIVE)
                .setSentence("12 golden inputs; 100 are needed")
                .setReference(Fingerprint.newBuilder()
                        .setRuntime("mlx")
                        .setRuntimeVersion("0.32.4")
                        .setProvider("mlx-cpu")
                        .setPrecision("float32")
                        .setAgent("local-mac")
                        .setDevice("cpu:0")
                        .setStandIn(true))
                .addOutputs(OutputParity.newBuilder()
                        .setName("logits")
                        .setDtype("float32")
                        .setVerdict(ParityVerdict.PARITY_VERDICT_PASSED)
                        .setNormalisedRmse(2.5e-7)
                        .setLimit(1e-4)
                        .setCosine(1)
                        .setSnrDb(132.04))
                .build();
        assertThat(cli.run(server, "parity", "show", "--promotion", "p")).isEqualTo(7);
        assertThat(cli.out())
                .contains("reference  mlx 0.32.4 (mlx-cpu, float32) on local-mac, cpu:0, stand-in\n")
                .contains(
                        "  OUTPUT  DTYPE    VERDICT  NRMSE     LIMIT     MAX ABS  MAX REL  COSINE       SNR DB  ULP  REASON\n")
                .contains(
                        "  logits  float32  passed   2.50e-07  1.00e-04  0        0        1.000000000  132.0   0    -\n")
                .endsWith("INCONCLUSIVE  12 golden inputs; 100 are needed\n");
    }

    @Test
    void aRejectedPromotionFailsTheCommandThatWatchesIt() {
        server.promotion = Promotion.newBuilder()
                .setId("p")
                .setModel("digits")
                .setVersion(1)
                .setEnvironment("prod")
                .setState(PromotionState.PROMOTION_STATE_REJECTED)
                .setVerdict(ParityVerdict.PARITY_VERDICT_FAILED)
                .setReason(reason("ParityFailed", "normalised RMSE 0.3 above 0.0001"))
                .build();
        assertThat(cli.run(server, "promote", "start", "digits@1", "--to", "prod", "--watch"))
                .isEqualTo(1);
        assertThat(cli.out()).isEqualTo("""
                digits@1 → prod: converting (ParityFailed: normalised RMSE 0.3 above 0.0001)
                digits@1 → prod: rejected (ParityFailed: normalised RMSE 0.3 above 0.0001)
                """);
    }

    @Test
    void completionNamesEveryNoun() {
        assertThat(cli.run("completion")).isZero();
        assertThat(cli.out()).contains("_complete_fairlead", "promote", "environment");
    }

    private String jobFile() throws IOException {
        var source = Files.createDirectories(folder.resolve("source"));
        Files.writeString(source.resolve("train.py"), "print('hello')");
        var file = folder.resolve("job.yaml");
        Files.writeString(
                file, "kind: train\ncommand: {argv: [python]}\ninputs: [{name: source, ref: " + source + "}]\n");
        return file.toString();
    }

    private static Job job(JobState state) {
        return Job.newBuilder()
                .setId("job-1")
                .setSpec(JobSpec.newBuilder().setKind(JobKind.JOB_KIND_TRAIN).setName("digits"))
                .setState(state)
                .addAttempts(Attempt.newBuilder().setNumber(1).setAgent("mbp-7").setProgress(0.4f))
                .build();
    }

    private static Reason reason(String code, String sentence) {
        return Reason.newBuilder().setCode(code).setSentence(sentence).build();
    }
}
