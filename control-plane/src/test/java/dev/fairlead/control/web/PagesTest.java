package dev.fairlead.control.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.control.agent.Accelerator;
import dev.fairlead.control.agent.Admission;
import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.agent.AgentStore;
import dev.fairlead.control.agent.Device;
import dev.fairlead.control.agent.Fleet;
import dev.fairlead.control.agent.Machine;
import dev.fairlead.control.agent.ModelLayout;
import dev.fairlead.control.agent.RuntimeInfo;
import dev.fairlead.control.agent.RuntimeKind;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.Attempt;
import dev.fairlead.control.job.AttemptState;
import dev.fairlead.control.job.Attempts;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobKind;
import dev.fairlead.control.job.JobSpec;
import dev.fairlead.control.job.Jobs;
import dev.fairlead.control.job.Logs;
import dev.fairlead.control.job.Report;
import dev.fairlead.control.job.Resources;
import dev.fairlead.control.job.Submission;
import dev.fairlead.control.job.Work;
import dev.fairlead.control.model.ModelFormat;
import dev.fairlead.control.parity.Finding;
import dev.fairlead.control.parity.FindingStore;
import dev.fairlead.control.promotion.Environments;
import dev.fairlead.control.promotion.Evidence;
import dev.fairlead.control.promotion.Judgement;
import dev.fairlead.control.promotion.Phase;
import dev.fairlead.control.promotion.Promotion;
import dev.fairlead.control.promotion.PromotionId;
import dev.fairlead.control.promotion.PromotionStore;
import dev.fairlead.control.promotion.State;
import dev.fairlead.control.promotion.Step;
import dev.fairlead.control.wiring.ControlPlaneTestResource;
import dev.fairlead.parity.verdict.Claim;
import dev.fairlead.parity.verdict.Fingerprint;
import dev.fairlead.parity.verdict.OutputVerdict;
import dev.fairlead.parity.verdict.Policy;
import dev.fairlead.parity.verdict.ReportJson;
import dev.fairlead.parity.verdict.Verdict;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a browser and a probe get, over real HTTP. Everything that a caller can name carries markup. */
@QuarkusTest
@WithTestResource(ControlPlaneTestResource.class)
class PagesTest {
    private static final String MARKUP = "<img src=x onerror=alert(1)>";
    private static final String ESCAPED = "&lt;img src=x onerror=alert(1)&gt;";
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final AgentName AGENT = new AgentName("pages-1");
    private static final Digest REPORT = new Digest("d".repeat(64));

    @SuppressWarnings("NullAway.Init") // Quarkus sets it, which NullAway cannot know.
    @TestHTTPResource("/")
    URI root;

    @Inject
    AgentStore agents;

    @Inject
    Fleet fleet;

    @Inject
    Jobs jobs;

    @Inject
    Attempts attempts;

    @Inject
    Logs logs;

    @Inject
    FindingStore findings;

    @Inject
    PromotionStore promotions;

    @Inject
    Environments environments;

    @Test
    void showsAgentsWithWhatTheyReallyAre() throws Exception {
        enrol();

        for (String path : List.of("", "agents")) {
            String page = page(path);
            assertThat(page).contains("pages-1", "stand-in: no Metal here, " + ESCAPED, "MLX 0.32 (mlx-cpu, stand-in)");
            assertThat(page).doesNotContain(MARKUP);
        }
    }

    @Test
    void showsAJobWithItsReasonAndTheEndOfItsLog() throws Exception {
        Job job = failedJob();
        logs.append(job.attempts().getFirst().id(), 0, text("epoch 1\repoch 2\n\u001b[31m" + MARKUP + "\u001b[0m\n"));

        String page = page("jobs/" + job.id());

        assertThat(page).contains("Exit3: " + ESCAPED, "Log of attempt 1", ">epoch 2\n" + ESCAPED);
        assertThat(page).contains("--name " + ESCAPED).doesNotContain(MARKUP, "epoch 1", "\u001b");
        assertThat(page("jobs")).contains(job.id().value());
        assertThat(page("")).contains(job.id().value());
    }

    @Test
    void beginsALongLogWithAWholeLine() throws Exception {
        Job job = failedJob();
        logs.append(job.attempts().getFirst().id(), 0, text("first line\n" + "x".repeat(40_000) + "\nlast line\n"));

        String page = page("jobs/" + job.id());

        assertThat(page)
                .contains("End of the log of attempt 1", ">last line</pre>")
                .doesNotContain("first line", "xxx");
    }

    @Test
    void showsARejectedPromotionWithItsReport() throws Exception {
        Promotion promotion = rejectedPromotion();

        String page = page("promotions/" + promotion.id());
        assertThat(page).contains("ParityFailed: " + ESCAPED, "validating", "rejected", "LimitExceeded: logits is off");
        assertThat(page).contains("/parity/" + REPORT).doesNotContain(MARKUP);
        assertThat(page("promotions")).contains(promotion.id().value(), ESCAPED).doesNotContain(MARKUP);
        assertThat(page("")).contains(promotion.id().value(), ESCAPED);
        String report = page("parity/" + REPORT);
        assertThat(report).contains("LimitExceeded: logits is off", "stand-in", "CPUExecutionProvider", ESCAPED);
        assertThat(report).doesNotContain(MARKUP);
    }

    @Test
    void answersWhatIsNotThereInPlainText() throws Exception {
        HttpResponse<String> missing = get("jobs/" + "0".repeat(20));
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).startsWith("JobNotFound: ");
        HttpResponse<String> malformed = get("promotions/%3Cscript%3E");
        assertThat(malformed.statusCode()).isEqualTo(400);
        assertThat(malformed.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
        assertThat(get("parity/sha256:" + "e".repeat(64)).statusCode()).isEqualTo(404);
    }

    @Test
    void tellsProbesThatItIsReady() throws Exception {
        HttpResponse<String> ready = get("q/health/ready");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body()).contains("\"status\": \"UP\"", "event relay");
        assertThat(get("q/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void countsForPrometheus() throws Exception {
        assertThat(sample("fairlead_placements_total")).isZero();
        assertThat(page("q/metrics"))
                .contains(
                        "fairlead_agents{state=\"ready\"}",
                        "fairlead_jobs{state=\"failed\"}",
                        "fairlead_promotions{state=\"rejected\"}",
                        "fairlead_queue_age_seconds",
                        "fairlead_outbox_unsent");
    }

    private void enrol() {
        agents.enrol(AGENT, "pages", new byte[] {1}, Admission.ADMITTED, NOW);
        fleet.connected(
                AGENT,
                new Machine(
                        "linux",
                        "6.1",
                        "amd64",
                        "host",
                        "cpu",
                        2,
                        8L << 30,
                        List.of(new Device("cpu:0", Accelerator.CPU, MARKUP, 4L << 30, 4L << 30, "")),
                        List.of(new RuntimeInfo(
                                RuntimeKind.MLX,
                                "0.32",
                                List.of(ModelLayout.MLX),
                                List.of(Accelerator.CPU),
                                "mlx-cpu",
                                Map.of(),
                                true)),
                        "0.1",
                        "ac",
                        true,
                        "no Metal here, " + MARKUP,
                        1));
    }

    /** A job that no agent of the fleet may take, placed by hand, whose first attempt has failed. */
    private Job failedJob() {
        JobSpec spec = JobSpec.of(JobKind.TRAIN, "pages")
                .with(new Work.Command(List.of("train", "--name", MARKUP)))
                .with(new Resources(List.of(), 0, null, null, "nowhere", ""));
        Job job = jobs.submit(new Submission(spec, "", "ada", null, "")).job();
        Job placed = attempts.place(List.of(new Attempts.Placement(job, AGENT, "cpu:0")))
                .getFirst();
        Report failed = new Report(
                placed.attempts().getLast().ref(),
                AttemptState.FAILED,
                new Reason("Exit3", MARKUP),
                Attempt.NONE,
                3,
                Map.of(),
                "",
                1);
        attempts.report(List.of(new Attempts.Told(AGENT, failed)));
        return jobs.get(job.id());
    }

    private Promotion rejectedPromotion() {
        Job job = failedJob();
        PromotionId id = new PromotionId("pr-%019x".formatted(7));
        Judgement failed = new Judgement(REPORT, Judgement.Verdict.FAILED, MARKUP);
        Reason why = new Reason("ParityFailed", MARKUP);
        Promotion promotion = new Promotion(
                id,
                1,
                new Promotion.Start(
                        "",
                        "pages@1",
                        Optional.empty(),
                        "pages",
                        1,
                        new Digest("a".repeat(64)),
                        ModelFormat.MLX,
                        new Digest("b".repeat(64)),
                        "ada",
                        ""),
                environments.get("dev"),
                new State.Rejected(new Evidence(Optional.of(new Digest("c".repeat(64))), Optional.of(failed))),
                why,
                Map.of(Step.COMPARE, job.id()),
                NOW,
                Optional.of(NOW),
                List.of(new Promotion.Change(Phase.VALIDATING, Phase.REJECTED, NOW, why)));
        promotions.insert(promotion);
        // History is written with the change that makes it.
        promotions.update(promotion);
        findings.insert(new Finding(
                REPORT, job.id(), Optional.of(id.value()), Verdict.FAILED, MARKUP, 64, NOW, Optional.of(report())));
        return promotion;
    }

    private static String report() {
        Fingerprint reference = side(MARKUP, "mlx", true);
        Fingerprint candidate = side("cpu", "CPUExecutionProvider", false);
        OutputVerdict output = new OutputVerdict(
                "logits",
                "float32",
                "float32",
                "float32",
                Verdict.FAILED,
                "LimitExceeded",
                "logits is off",
                1e-5,
                null,
                null,
                64,
                "case-1",
                null,
                List.of());
        return ReportJson.write(dev.fairlead.parity.verdict.Report.ofSides(
                Verdict.FAILED,
                MARKUP,
                64,
                Claim.of(64, 1),
                List.of(output),
                List.of(MARKUP),
                reference,
                candidate,
                Policy.strict()));
    }

    private static Fingerprint side(String device, String provider, boolean standIn) {
        return new Fingerprint(
                "", "pages-1", "linux", device, "", "runtime", "1", provider, "float32", Map.of(), standIn);
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private double sample(String name) throws IOException, InterruptedException {
        return page("q/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private String page(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(root.resolve(path))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
