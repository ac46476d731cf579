package dev.fairlead.control.model.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.control.artifact.Artifacts;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.artifact.Tree;
import dev.fairlead.control.artifact.folder.FolderBlobStore;
import dev.fairlead.control.artifact.jdbc.JdbiArtifactStore;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.event.jdbc.JdbiEvents;
import dev.fairlead.control.model.Alias;
import dev.fairlead.control.model.Model;
import dev.fairlead.control.model.ModelFormat;
import dev.fairlead.control.model.ModelName;
import dev.fairlead.control.model.ModelVersion;
import dev.fairlead.control.model.Models;
import dev.fairlead.control.model.Resolved;
import dev.fairlead.control.wiring.ControlPlaneDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ModelsTest {
    @RegisterExtension
    static final ControlPlaneDatabase DATABASE = ControlPlaneDatabase.fresh();

    private static final ModelName DIGITS = new ModelName("digits");
    private static final Digest SOURCE = new Digest("1".repeat(64));
    private static final Digest CONVERTED = new Digest("2".repeat(64));
    private static final Digest SUITE = new Digest("3".repeat(64));
    private static final Digest UNKNOWN = new Digest("4".repeat(64));

    @TempDir
    Path folder;

    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));
    private Models models;

    @BeforeEach
    void open() {
        JdbiArtifactStore trees = new JdbiArtifactStore(DATABASE.jdbi());
        DATABASE.jdbi().useHandle(handle -> handle.execute("truncate artifact_tree, event_outbox cascade"));
        for (Digest digest : List.of(SOURCE, CONVERTED, SUITE)) {
            DATABASE.transactions().call(() -> trees.insertTree(new Tree(digest, List.of(), clock.instant())));
        }
        Artifacts artifacts =
                new Artifacts(new FolderBlobStore(folder), trees, DATABASE.transactions(), (_, _) -> {}, clock);
        models = new Models(
                new JdbiModelStore(DATABASE.jdbi()),
                artifacts,
                DATABASE.transactions(),
                new JdbiEvents(DATABASE.jdbi(), clock),
                clock);
    }

    @Test
    void numbersVersionsAndGivesTheSameTreeTheSameNumber() {
        ModelVersion first = create(SOURCE, Optional.of(SUITE));
        ModelVersion second = create(SOURCE, Optional.empty());

        assertThat(first.version()).isEqualTo(1);
        assertThat(second.version()).isEqualTo(2);
        assertThat(create(SOURCE, Optional.of(SUITE))).isEqualTo(first);
        assertThat(create(SOURCE, Optional.empty())).isEqualTo(second);
        assertThat(events()).containsExactly("model.version_created", "model.version_created");
    }

    @Test
    void manyRegistrationsAtOnceGiveOneVersion() throws Exception {
        List<Future<ModelVersion>> calls = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                calls.add(threads.submit(() -> create(SOURCE, Optional.empty())));
            }
        }
        Set<Integer> numbers = new HashSet<>();
        for (Future<ModelVersion> call : calls) {
            numbers.add(call.get().version());
        }
        assertThat(numbers).containsExactly(1);
    }

    @Test
    void refusesATreeThatWasNotCommitted() {
        fails(() -> create(UNKNOWN, Optional.empty()), ErrorCode.TREE_NOT_FOUND, "tree_digest");
        fails(() -> create(SOURCE, Optional.of(UNKNOWN)), ErrorCode.TREE_NOT_FOUND, "suite_digest");
    }

    @Test
    void resolvesVersionsSuitesAliasesAndDigests() {
        ModelVersion version = create(SOURCE, Optional.of(SUITE));
        move(1, CONVERTED, "p1");

        assertThat(models.resolve("digits@1"))
                .isEqualTo(new Resolved(SOURCE, Optional.of(ModelFormat.MLX), Optional.of(version)));
        assertThat(models.resolve("digits@1/suite"))
                .isEqualTo(new Resolved(SUITE, Optional.empty(), Optional.of(version)));
        assertThat(models.resolve("digits@prod"))
                .isEqualTo(new Resolved(CONVERTED, Optional.of(ModelFormat.ONNX), Optional.of(version)));
        assertThat(models.resolve("digits@prod/suite").tree()).isEqualTo(SUITE);
        assertThat(models.resolve(SOURCE.toString()).version()).contains(version);
        assertThat(models.resolve(CONVERTED.toString()))
                .isEqualTo(new Resolved(CONVERTED, Optional.empty(), Optional.empty()));
    }

    @Test
    void saysWhatIsThereInsteadOfWhatIsNot() {
        fails(() -> models.resolve("digits@1"), ErrorCode.MODEL_NOT_FOUND, "ref");
        create(SOURCE, Optional.empty());
        fails(() -> models.resolve("digits@2"), ErrorCode.MODEL_VERSION_NOT_FOUND, "ref");
        fails(() -> models.resolve("digits@1/suite"), ErrorCode.SUITE_NOT_FOUND, "ref");
        fails(() -> models.resolve(UNKNOWN.toString()), ErrorCode.TREE_NOT_FOUND, "ref");
        move(1, CONVERTED, "p1");
        assertThatThrownBy(() -> models.resolve("digits@dev"))
                .hasMessage("ref: 'digits' is not deployed to 'dev'; it is deployed to prod");
    }

    @Test
    void movesAnAliasAndRemembersWhereItPointed() {
        create(SOURCE, Optional.empty());
        assertThat(models.alias(DIGITS, "prod")).isEmpty();

        Alias first = move(1, SOURCE, "p1");
        assertThat(models.previous(DIGITS, "prod")).isEmpty();
        Alias second = move(1, CONVERTED, "p2");

        assertThat(models.alias(DIGITS, "prod")).contains(second);
        assertThat(models.previous(DIGITS, "prod")).contains(first);
        assertThat(models.referencedTrees()).containsExactlyInAnyOrder(SOURCE, CONVERTED);
        Model model = models.get(DIGITS);
        assertThat(model.aliases()).containsExactly(second);
        assertThat(models.list()).containsExactly(model);
        fails(() -> models.get(new ModelName("other")), ErrorCode.MODEL_NOT_FOUND, "name");
    }

    @Test
    void refusesToPointAnAliasAtAMissingVersionOrTree() {
        create(SOURCE, Optional.empty());
        fails(() -> move(2, SOURCE, "p1"), ErrorCode.MODEL_VERSION_NOT_FOUND, "version");
        fails(() -> move(1, UNKNOWN, "p1"), ErrorCode.TREE_NOT_FOUND, "tree_digest");
        assertThat(models.alias(DIGITS, "prod")).isEmpty();
    }

    private ModelVersion create(Digest tree, Optional<Digest> suite) {
        return models.createVersion(new Models.NewVersion(DIGITS, tree, suite, ModelFormat.MLX, Optional.empty()));
    }

    private Alias move(int version, Digest tree, String promotion) {
        return models.moveAlias(new Models.Move(DIGITS, "prod", version, tree, ModelFormat.ONNX, promotion));
    }

    private static List<String> events() {
        return DATABASE.jdbi()
                .withHandle(handle -> handle.createQuery("select type from event_outbox order by id")
                        .mapTo(String.class)
                        .list());
    }

    private static void fails(ThrowingCallable call, ErrorCode code, String field) {
        assertThatThrownBy(call).isInstanceOfSatisfying(FairleadException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.field()).isEqualTo(field);
        });
    }
}
