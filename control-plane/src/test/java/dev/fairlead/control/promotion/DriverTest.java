package dev.fairlead.control.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobInput;
import dev.fairlead.control.job.JobKind;
import dev.fairlead.control.job.JobState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DriverTest {
    private final PromotionWorld world = new PromotionWorld();

    @Test
    void certifiesWhatPassedAndNothingElse() {
        PromotionId passed = untilCompared("digits@1", "PASSED");
        PromotionId failed = untilCompared("other@1", "FAILED");

        assertThat(world.certification.certified).containsExactly(passed.value());
        assertThat(world.get(failed).phase()).isEqualTo(Phase.REJECTED);
    }

    @Test
    void rejectsWhatPassedAndCannotBeCertified() {
        world.certification.unreadable.add("digits");

        PromotionId id = untilCompared("digits@1", "PASSED");

        assertThat(world.get(id).phase()).isEqualTo(Phase.REJECTED);
        assertThat(world.get(id).reason().sentence()).contains("cannot be read");
        assertThat(world.moves()).isEmpty();
    }

    @Test
    void stopsWhereTheCertificateIsStaleByNow() {
        PromotionId id = world.start("digits@1", "dev").id();
        Reason why = new Reason("ParityStale", "agent gpu: candidate.driver was '1' and is '2' now");
        world.certification.stale.put(id.value(), why);
        advance(id);
        succeed(id, Step.CONVERT);
        advance(id);
        succeed(id, Step.CANDIDATE);
        succeed(id, Step.REFERENCE);
        succeed(id, Step.REFERENCE64);
        succeed(id, Step.CANDIDATE64);
        advance(id);
        succeed(id, Step.COMPARE);

        assertThat(advance(id)).isEqualTo(Phase.REJECTED);
        assertThat(world.get(id).reason())
                .isEqualTo(new Reason(
                        "ParityStale", why.sentence() + "; promote again, or approve it with --force --reason"));
        assertThat(world.moves()).isEmpty();
    }

    private PromotionId untilCompared(String ref, String verdict) {
        PromotionId id = world.start(ref, "dev").id();
        advance(id);
        succeed(id, Step.CONVERT);
        advance(id);
        succeed(id, Step.CANDIDATE);
        succeed(id, Step.REFERENCE);
        succeed(id, Step.REFERENCE64);
        succeed(id, Step.CANDIDATE64);
        advance(id);
        world.succeed(world.job(id, Step.COMPARE), verdict);
        advance(id);
        return id;
    }

    @Test
    void leadsAVersionFromConversionToTheAlias() {
        PromotionId id = world.start("digits@1", "dev").id();

        assertThat(advance(id)).isEqualTo(Phase.CONVERTING);
        succeed(id, Step.CONVERT);
        assertThat(advance(id)).isEqualTo(Phase.VALIDATING);
        succeed(id, Step.CANDIDATE);
        assertThat(advance(id)).isEqualTo(Phase.VALIDATING);
        succeed(id, Step.REFERENCE);
        succeed(id, Step.REFERENCE64);
        succeed(id, Step.CANDIDATE64);
        assertThat(advance(id)).isEqualTo(Phase.VALIDATING);
        succeed(id, Step.COMPARE);
        assertThat(advance(id)).isEqualTo(Phase.PROMOTED);

        assertThat(world.moves()).containsExactly("digits@dev=1");
        assertThat(world.alias("digits@dev").orElseThrow().tree()).isEqualTo(PromotionWorld.CANDIDATE);
        assertThat(world.events())
                .containsExactly(
                        "promotion.converting", "promotion.validating", "promotion.deploying", "promotion.promoted");
    }

    @Test
    void evaluatesAllCornersAtTheSameTime() {
        PromotionId id = validating("dev");

        assertThat(world.get(id).jobs())
                .containsKeys(Step.REFERENCE, Step.CANDIDATE, Step.REFERENCE64, Step.CANDIDATE64);
        assertThat(world.job(id, Step.REFERENCE64).spec().settings()).containsEntry("precision", "float64");
        assertThat(world.job(id, Step.CANDIDATE64).spec().settings())
                .containsEntry("precision", "float64")
                .containsEntry("noise_floor", "true");
        Job reference = world.job(id, Step.REFERENCE);
        Job candidate = world.job(id, Step.CANDIDATE);
        assertThat(reference.spec().resources().pool()).isEqualTo("mac");
        assertThat(candidate.spec().resources().pool()).isEqualTo("cuda");
        assertThat(reference.traceparent()).isEqualTo("00-trace");
        assertThat(reference.promotionId()).isEqualTo(id.value());
    }

    @Test
    void handsThePolicyToTheComparison() {
        PromotionId id = comparing("dev");

        Job compare = world.job(id, Step.COMPARE);
        assertThat(compare.spec().inputs())
                .extracting(JobInput::name)
                .containsExactly(
                        "reference", "candidate", "reference64", "candidate64", "source", "converted", "suite");
        assertThat(compare.spec().kind()).isEqualTo(JobKind.COMPARE);
        assertThat(compare.spec().settings().get("policy"))
                .isEqualTo("{\"accept_stand_ins\":true,\"minimum_inputs\":3,\"normalised_rmse\":{\"float32\":1.0E-5},"
                        + "\"noise\":{\"pass\":2.0,\"warn\":4.0},\"allowed_findings\":[]}");
    }

    @Test
    void skipsTheConversionOfWhatIsInTheTargetFormatAlready() {
        PromotionId id = world.start("ready@4", "dev").id();

        assertThat(advance(id)).isEqualTo(Phase.VALIDATING);
        assertThat(world.get(id).jobs()).containsOnlyKeys(Step.REFERENCE, Step.CANDIDATE, Step.CANDIDATE64);
        assertThat(world.get(id).state().evidence().candidate()).contains(PromotionWorld.SOURCE);
    }

    @Test
    void waitsForApprovalWhereTheEnvironmentAsksForIt() {
        PromotionId id = comparing("prod");
        succeed(id, Step.COMPARE);
        assertThat(advance(id)).isEqualTo(Phase.AWAITING_APPROVAL);
        assertThat(advance(id)).isEqualTo(Phase.AWAITING_APPROVAL);
        assertThat(world.moves()).isEmpty();

        world.promotions.approve(id, "ada");
        assertThat(advance(id)).isEqualTo(Phase.PROMOTED);
        assertThat(world.get(id).state().approvedBy()).contains("ada");
        assertThat(world.moves()).containsExactly("digits@prod=1");
    }

    @ParameterizedTest
    @CsvSource({
        "PASSED, PROMOTED, Promoted",
        "FAILED, REJECTED, ParityFailed",
        "ERROR, REJECTED, ParityError",
        "INCONCLUSIVE, VALIDATING, ParityInconclusive",
        "NONSENSE, REJECTED, ParityError"
    })
    void followsTheVerdict(String verdict, Phase phase, String code) {
        PromotionId id = comparing("dev");
        world.succeed(world.job(id, Step.COMPARE), verdict);

        assertThat(advance(id)).isEqualTo(phase);
        assertThat(world.get(id).reason().code()).isEqualTo(code);
        assertThat(world.moves()).hasSize(phase == Phase.PROMOTED ? 1 : 0);
    }

    @Test
    void neverPassesOnAResultThatIsNoJson() {
        PromotionId id = comparing("dev");
        world.end(world.job(id, Step.COMPARE), JobState.SUCCEEDED, null, "passed!");

        assertThat(advance(id)).isEqualTo(Phase.REJECTED);
        assertThat(world.get(id).reason().sentence()).isEqualTo("result.json: is not JSON");
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void rejectsWithTheReasonOfAJobThatRanOutOfAttempts(Step step) {
        PromotionId id = at(step, "dev");
        Job job = world.job(id, step);
        world.end(job, JobState.FAILED, new Reason("AgentLost", "agent mac-1 did not come back"), "");

        assertThat(advance(id)).isEqualTo(Phase.REJECTED);
        assertThat(world.get(id).reason().code()).isEqualTo("AgentLost");
        assertThat(world.get(id).reason().sentence()).contains(job.id().value(), "agent mac-1 did not come back");
        assertThat(world.moves()).isEmpty();
        assertThat(world.allJobs()).allMatch(other -> other.state().ended());
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void isAbortedByACancelledJob(Step step) {
        PromotionId id = at(step, "dev");
        world.end(world.job(id, step), JobState.CANCELLED, new Reason("Cancelled", "by ada"), "");

        assertThat(advance(id)).isEqualTo(Phase.ABORTED);
        assertThat(world.moves()).isEmpty();
    }

    @Test
    void namesEveryUnsupportedOperation() {
        PromotionId id = at(Step.CONVERT, "dev");
        world.end(
                world.job(id, Step.CONVERT),
                JobState.FAILED,
                new Reason("UnsupportedOperations", "2 operations have no rule"),
                "{\"unsupported\": [\"Hadamard at encoder.py:41\", \"FFT at encoder.py:57\"]}");

        assertThat(advance(id)).isEqualTo(Phase.REJECTED);
        assertThat(world.get(id).reason().code()).isEqualTo("UnsupportedOperations");
        assertThat(world.get(id).reason().sentence())
                .contains("2 operations have no rule", "Hadamard at encoder.py:41", "FFT at encoder.py:57");
    }

    @Test
    void tellsWhyItWaits() {
        PromotionId id = at(Step.CONVERT, "dev");
        world.end(world.job(id, Step.CONVERT), JobState.SUBMITTED, new Reason("NoAgent", "no agent loads MLX"), "");

        advance(id);
        assertThat(world.get(id).reason().code()).isEqualTo("NoAgent");
        assertThat(world.get(id).reason().sentence()).contains("no agent loads MLX");
        long revision = world.get(id).revision();
        advance(id);
        assertThat(world.get(id).revision()).isEqualTo(revision);
    }

    @Test
    void rejectsWhatCanNeverBeSubmitted() {
        PromotionId id = world.start("digits@1", "dev").id();
        world.refuseSubmissions(
                new FairleadException(ErrorCode.TREE_NOT_FOUND, "spec.inputs[0].ref", "no tree sha256:aa"));

        assertThat(advance(id)).isEqualTo(Phase.REJECTED);
        assertThat(world.get(id).reason()).isEqualTo(new Reason("TreeNotFound", "no tree sha256:aa"));
    }

    @Test
    void keepsTheEnvironmentItStartedWith() {
        PromotionId id = comparing("dev");
        world.environment("dev", Policy.Approval.REQUIRED);
        succeed(id, Step.COMPARE);

        assertThat(advance(id)).isEqualTo(Phase.PROMOTED);
    }

    @Test
    void doesNothingAfterTheEnd() {
        PromotionId id = comparing("dev");
        succeed(id, Step.COMPARE);
        advance(id);
        Promotion ended = world.get(id);

        assertThat(world.driver.advance(id)).isEqualTo(ended);
        world.driver.advanceAll();
        assertThat(world.get(id)).isEqualTo(ended);
        assertThat(ended.history())
                .extracting(Promotion.Change::to)
                .isEqualTo(List.of(Phase.VALIDATING, Phase.DEPLOYING, Phase.PROMOTED));
        assertThat(Map.copyOf(ended.jobs())).hasSize(6);
    }

    private Phase advance(PromotionId id) {
        return world.driver.advance(id).phase();
    }

    private void succeed(PromotionId id, Step step) {
        world.succeed(world.job(id, step), "PASSED");
    }

    private PromotionId validating(String environment) {
        PromotionId id = at(Step.CONVERT, environment);
        succeed(id, Step.CONVERT);
        advance(id);
        return id;
    }

    private PromotionId comparing(String environment) {
        PromotionId id = validating(environment);
        succeed(id, Step.REFERENCE);
        succeed(id, Step.CANDIDATE);
        succeed(id, Step.REFERENCE64);
        succeed(id, Step.CANDIDATE64);
        advance(id);
        return id;
    }

    /** A promotion whose job for {@code step} has been submitted and has not ended. */
    private PromotionId at(Step step, String environment) {
        return switch (step) {
            case CONVERT -> {
                PromotionId id = world.start("digits@1", environment).id();
                advance(id);
                yield id;
            }
            case REFERENCE, CANDIDATE, REFERENCE64, CANDIDATE64 -> validating(environment);
            case COMPARE -> comparing(environment);
        };
    }
}
