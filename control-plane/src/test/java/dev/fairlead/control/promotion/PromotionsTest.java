package dev.fairlead.control.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.JobState;
import dev.fairlead.control.model.ModelFormat;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class PromotionsTest {
    private static final Target ELSEWHERE =
            new Target(9, PromotionWorld.digest('9'), ModelFormat.ONNX, "pr-0000000000000000009");

    private final PromotionWorld world = new PromotionWorld();

    @Test
    void startsOncePerKey() {
        Promotion first = world.promotions.start(request("k", "digits@1", "dev"));
        Promotion again = world.promotions.start(request("k", "digits@1", "dev"));

        assertThat(again).isEqualTo(first);
        assertCode(ErrorCode.IDEMPOTENCY_CONFLICT, () -> world.promotions.start(request("k", "digits@2", "dev")));
    }

    @Test
    void letsOnePromotionOfAModelIntoAnEnvironment() {
        Promotion first = world.start("digits@1", "dev");

        assertThatThrownBy(() -> world.start("digits@2", "dev"))
                .hasMessage("promotion %s of version 1 to digits@dev is CONVERTING: wait for it or abort it"
                        .formatted(first.id()));
        assertThat(world.start("digits@2", "prod").id()).isNotEqualTo(first.id());
        assertThat(world.start("other@1", "dev").id()).isNotEqualTo(first.id());
    }

    @Test
    void needsGoldenInputs() {
        assertThatThrownBy(() -> world.start("bare@1", "dev"))
                .hasMessage("bare@1 has no golden inputs: push them with the version, or name a suite");
    }

    @Test
    void takesAVersionAndNoDigest() {
        assertThatThrownBy(() -> world.start(PromotionWorld.SOURCE.toString(), "dev"))
                .hasMessage("ref names a version: name@version or name@alias, not a digest");
    }

    @Test
    void cancelsTheJobsOfAnAbortedPromotion() {
        PromotionId id = world.start("digits@1", "dev").id();
        world.driver.advance(id);

        Promotion aborted = world.promotions.abort(id, "ada", "wrong version");

        assertThat(aborted.phase()).isEqualTo(Phase.ABORTED);
        assertThat(aborted.reason().sentence()).isEqualTo("aborted by ada: wrong version");
        assertThat(world.job(id, Step.CONVERT).state()).isEqualTo(JobState.CANCELLED);
        assertThat(world.promotions.abort(id, "bob", "again")).isEqualTo(aborted);
    }

    @Test
    void approvesOnlyWhatAwaitsApproval() {
        PromotionId id = world.start("digits@1", "prod").id();

        assertThatThrownBy(() -> world.promotions.approve(id, "ada"))
                .hasMessage("promotion %s is CONVERTING: only one that awaits approval can be approved".formatted(id));
    }

    @Test
    void deploysWhatFailedWhereAPromoterInsists() {
        PromotionId id = compared("digits@1", "FAILED");
        assertThat(world.get(id).phase()).isEqualTo(Phase.REJECTED);

        Promotion pushed = world.promotions.overrule(id, "ada", "known, harmless");
        assertThat(pushed.phase()).isEqualTo(Phase.DEPLOYING);
        assertThat(world.promotions.overrule(id, "bob", "again")).isEqualTo(pushed);
        world.driver.advance(id);

        Promotion promoted = world.get(id);
        assertThat(promoted.phase()).isEqualTo(Phase.PROMOTED);
        assertThat(promoted.overruling()).contains(new Overruling("ada", PromotionWorld.NOW, "known, harmless"));
        assertThat(promoted.history())
                .anySatisfy(change -> assertThat(change.reason().code()).isEqualTo("ParityOverruled"));
        assertThat(world.certification.certified).isEmpty();
    }

    @Test
    void deploysWhatIsInconclusiveOrStaleWhereAPromoterInsists() {
        PromotionId inconclusive = compared("digits@1", "INCONCLUSIVE");
        world.promotions.overrule(inconclusive, "ada", "few inputs exist");
        assertThat(world.driver.advance(inconclusive).phase()).isEqualTo(Phase.PROMOTED);

        PromotionId next = world.start("other@1", "dev").id();
        world.certification.stale.put(next.value(), new Reason("ParityStale", "another driver"));
        compare(next, "PASSED");
        assertThat(world.get(next).reason().sentence())
                .isEqualTo("another driver; promote again, or approve it with --force --reason");
        world.promotions.overrule(next, "ada", "driver notes read");
        assertThat(world.driver.advance(next).phase()).isEqualTo(Phase.PROMOTED);
    }

    @Test
    void overrulesNoErrorAndNothingWithoutAReason() {
        PromotionId id = compared("digits@1", "ERROR");
        assertCode(ErrorCode.PROMOTION_WRONG_STATE, () -> world.promotions.overrule(id, "ada", "why not"));
        assertCode(ErrorCode.FIELD_MISSING, () -> world.promotions.overrule(id, "ada", " "));
    }

    @Test
    void undoesToAStaleVersionOnlyWhereAPromoterInsists() {
        world.aliasElsewhere("digits@dev", ELSEWHERE);
        PromotionId id = promoted("digits@1");
        world.certification.stale.put(ELSEWHERE.promotion(), new Reason("ParityStale", "another driver"));

        assertThatThrownBy(() -> world.promotions.undo(id, "ada", ""))
                .hasMessage("another driver; undo it with --force --reason");
        assertThat(world.promotions.undoAnyway(id, "ada", "outage").phase()).isEqualTo(Phase.ROLLED_BACK);
    }

    private PromotionId compared(String ref, String verdict) {
        PromotionId id = world.start(ref, "dev").id();
        compare(id, verdict);
        return id;
    }

    private void compare(PromotionId id, String verdict) {
        world.driver.advance(id);
        world.succeed(world.job(id, Step.CONVERT), "");
        world.driver.advance(id);
        world.succeed(world.job(id, Step.REFERENCE), "");
        world.succeed(world.job(id, Step.CANDIDATE), "");
        world.succeed(world.job(id, Step.REFERENCE64), "");
        world.succeed(world.job(id, Step.CANDIDATE64), "");
        world.driver.advance(id);
        world.succeed(world.job(id, Step.COMPARE), verdict);
        world.driver.advance(id);
    }

    @Test
    void movesTheAliasBackToWhereItPointed() {
        world.aliasElsewhere("digits@dev", ELSEWHERE);
        PromotionId id = promoted("digits@1");
        assertThat(world.get(id).state().previous()).contains(ELSEWHERE);

        Promotion undone = world.promotions.undo(id, "ada", "latency");

        assertThat(undone.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(world.alias("digits@dev")).contains(ELSEWHERE);
        assertThat(undone.reason().sentence())
                .isEqualTo("digits@dev points at version 9 again: undone by ada: latency");
        assertThat(world.promotions.undo(id, "ada", "")).isEqualTo(undone);
    }

    @Test
    void removesAnAliasThatDidNotExistBefore() {
        PromotionId id = promoted("digits@1");

        world.promotions.undo(id, "ada", "");

        assertThat(world.alias("digits@dev")).isEmpty();
    }

    @Test
    void refusesToUndoWhatHasMovedOn() {
        PromotionId first = promoted("digits@1");
        PromotionId second = promoted("digits@2");

        assertThatThrownBy(() -> world.promotions.undo(first, "ada", ""))
                .hasMessage("digits@dev has moved since promotion %s: it points at what %s deployed"
                        .formatted(first, second));
        assertThat(world.promotions.undo(second, "ada", "").phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(world.alias("digits@dev").orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void letsAnInconclusivePromotionBeReplacedByOneWithMoreInputs() {
        PromotionId paused = world.start("digits@1", "dev").id();
        finish(paused, "INCONCLUSIVE");
        assertThat(world.get(paused).phase()).isEqualTo(Phase.VALIDATING);

        Promotion next = world.promotions.start(
                new StartRequest("", "digits@1", "dev", Optional.of(PromotionWorld.digest('8')), "ada", ""));

        assertThat(world.get(paused).phase()).isEqualTo(Phase.ABORTED);
        assertThat(world.get(paused).reason().sentence()).isEqualTo("promotion " + next.id() + " took its place");
        assertThat(next.start().suite()).isEqualTo(PromotionWorld.digest('8'));
    }

    private PromotionId promoted(String ref) {
        PromotionId id = world.start(ref, "dev").id();
        finish(id, "PASSED");
        assertThat(world.get(id).phase()).isEqualTo(Phase.PROMOTED);
        return id;
    }

    private void finish(PromotionId id, String verdict) {
        for (int i = 0; i < 4; i++) {
            world.driver.advance(id);
            world.get(id).jobs().keySet().forEach(step -> world.succeed(world.job(id, step), verdict));
        }
        world.driver.advance(id);
    }

    private static StartRequest request(String key, String ref, String environment) {
        return new StartRequest(key, ref, environment, Optional.empty(), "ada", "");
    }

    private static void assertCode(ErrorCode code, ThrowingCallable body) {
        assertThatThrownBy(body)
                .isInstanceOfSatisfying(
                        FairleadException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
