package dev.fairlead.control.promotion.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.model.ModelFormat;
import dev.fairlead.control.promotion.Environment;
import dev.fairlead.control.promotion.Judgement;
import dev.fairlead.control.promotion.Overruling;
import dev.fairlead.control.promotion.Phase;
import dev.fairlead.control.promotion.Policy;
import dev.fairlead.control.promotion.Promotion;
import dev.fairlead.control.promotion.PromotionId;
import dev.fairlead.control.promotion.State;
import dev.fairlead.control.promotion.Step;
import dev.fairlead.control.promotion.Target;
import dev.fairlead.control.wiring.ControlPlaneDatabase;
import dev.fairlead.parity.verdict.Policy.Demand;
import dev.fairlead.parity.verdict.Policy.NoiseLimits;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JdbiPromotionStoreTest {
    @RegisterExtension
    static final ControlPlaneDatabase DATABASE = ControlPlaneDatabase.fresh();

    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final Reason WHY = new Reason("Started", "started by ada");
    private static final Judgement PASSED =
            new Judgement(digest('d'), Judgement.Verdict.PASSED, "worst output at 1e-7");

    private final JdbiPromotionStore store = new JdbiPromotionStore(DATABASE.jdbi());
    private final JdbiEnvironments environments = new JdbiEnvironments(DATABASE.jdbi());

    @Test
    void readsBackWhatItKeeps() {
        Promotion started = promotion(1, "kept", new State.Converting(), List.of());
        store.insert(started);
        assertThat(store.find(started.id())).contains(started);
        assertThat(store.findByKey("key-1")).contains(started);
        assertThat(store.findActive("kept", "prod")).contains(started);
        assertThat(store.active()).contains(started.id());

        Promotion.Change change = new Promotion.Change(Phase.DEPLOYING, Phase.PROMOTED, NOW, WHY);
        Target previous = new Target(3, digest('8'), ModelFormat.ONNX, "pr-0000000000000000009");
        Promotion promoted = new Promotion(
                started.id(),
                1,
                started.start(),
                started.environment(),
                new State.Promoted(digest('c'), PASSED, Optional.of("bob"), Optional.of(previous)),
                new Reason("Promoted", "kept@prod points at version 1"),
                Map.of(Step.CONVERT, new JobId("0".repeat(20)), Step.COMPARE, new JobId("1".repeat(20))),
                NOW,
                Optional.of(NOW.plusSeconds(9)),
                List.of(change),
                Optional.of(new Overruling("bob", NOW, "known")));
        Promotion stored = store.update(promoted);

        assertThat(stored).isEqualTo(promoted.at(2));
        assertThat(store.find(started.id())).contains(stored);
        assertThat(store.findActive("kept", "prod")).isEmpty();
        assertThat(store.referencedTrees()).contains(digest('a'), digest('b'), digest('c'), digest('d'), digest('8'));
        assertThat(store.count()).containsKey(Phase.PROMOTED);
    }

    @Test
    void refusesAWriteFromAnOldRevision() {
        Promotion started = promotion(2, "raced", new State.Converting(), List.of());
        store.insert(started);
        store.update(started);

        assertThatThrownBy(() -> store.update(started))
                .isInstanceOfSatisfying(
                        FairleadException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOST_RACE))
                .hasMessage("promotion %s has changed since revision 1".formatted(started.id()));
    }

    @Test
    void refusesASecondActivePromotionOfAModelToAnEnvironment() {
        store.insert(promotion(3, "single", new State.Converting(), List.of()));

        assertThatThrownBy(() -> store.insert(promotion(4, "single", new State.Converting(), List.of())))
                .isInstanceOfSatisfying(
                        FairleadException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOST_RACE));
    }

    @Test
    void listsTheNewestFirstInPages() {
        for (int i = 10; i < 15; i++) {
            State ended = new State.Aborted(new State.Converting().evidence());
            store.insert(promotion(i, "listed", ended, List.of()));
        }

        List<Promotion> first = store.list(2, null, "listed");
        List<Promotion> next = store.list(9, first.getLast().id(), "listed");
        assertThat(first).extracting(Promotion::id).containsExactly(id(14), id(13));
        assertThat(next).extracting(Promotion::id).containsExactly(id(12), id(11), id(10));
    }

    @Test
    void startsWithTwoEnvironments() {
        assertThat(environments.get("prod").policy())
                .isEqualTo(new Policy(Policy.StandIns.REFUSED, Policy.Approval.REQUIRED, 59, Map.of()));
        assertThat(environments.get("dev").policy())
                .isEqualTo(new Policy(Policy.StandIns.ACCEPTED, Policy.Approval.NOT_NEEDED, 1, Map.of()));
        assertThat(environments.get("dev").referencePool()).isEqualTo("mac");
        assertThat(environments.get("dev").candidatePool()).isEqualTo("cuda");
        assertThatThrownBy(() -> environments.get("nowhere")).hasMessage("there is no environment 'nowhere'");
    }

    @Test
    void replacesAnEnvironment() {
        Environment stage = environment("stage", Map.of("float32", 1e-5, "logits", 0.0));
        environments.put(stage);
        Environment changed = environment("stage", Map.of());
        assertThat(environments.get("stage")).isEqualTo(stage);

        environments.put(changed);
        assertThat(environments.get("stage")).isEqualTo(changed);
        assertThat(environments.list()).extracting(Environment::name).contains("dev", "prod", "stage");
    }

    private static Promotion promotion(int number, String model, State state, List<Promotion.Change> history) {
        return new Promotion(
                id(number),
                1,
                new Promotion.Start(
                        "key-" + number,
                        model + "@1",
                        Optional.empty(),
                        model,
                        1,
                        digest('a'),
                        ModelFormat.MLX,
                        digest('b'),
                        "ada",
                        ""),
                environment("prod", Map.of("float32", 1e-5)),
                state,
                WHY,
                Map.of(),
                NOW,
                state.phase().terminal() ? Optional.of(NOW) : Optional.empty(),
                history);
    }

    private static Environment environment(String name, Map<String, Double> limits) {
        Policy policy = new Policy(
                Policy.StandIns.REFUSED,
                Policy.Approval.REQUIRED,
                3,
                limits,
                Optional.of(new Demand(0.01, 0.99)),
                new NoiseLimits(3, 5),
                Set.of("WrongPrecisionContract"));
        return new Environment(name, "mac", "cuda", ModelFormat.ONNX, policy);
    }

    private static PromotionId id(int number) {
        return new PromotionId("pr-%019x".formatted(number));
    }

    private static Digest digest(char fill) {
        return new Digest(String.valueOf(fill).repeat(64));
    }
}
