package dev.fairlead.control.artifact.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.control.artifact.Artifacts;
import dev.fairlead.control.artifact.AttemptFence;
import dev.fairlead.control.artifact.BlobRef;
import dev.fairlead.control.artifact.BlobStore.Mode;
import dev.fairlead.control.artifact.BlobStore.Removed;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.artifact.GarbageCollector;
import dev.fairlead.control.artifact.Manifest;
import dev.fairlead.control.artifact.Tree;
import dev.fairlead.control.artifact.TreeFile;
import dev.fairlead.control.artifact.Uploads;
import dev.fairlead.control.artifact.folder.FolderBlobStore;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.wiring.ControlPlaneDatabase;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ArtifactsTest {
    @RegisterExtension
    static final ControlPlaneDatabase DATABASE = ControlPlaneDatabase.fresh();

    @TempDir
    Path folder;

    private final JdbiArtifactStore store = new JdbiArtifactStore(DATABASE.jdbi());
    private final Set<Digest> referenced = new HashSet<>();
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private InstantSource clock = () -> now;
    private FolderBlobStore blobs;
    private Uploads uploads;
    private Artifacts artifacts;
    private GarbageCollector garbage;

    @BeforeEach
    void open() {
        DATABASE.jdbi().useHandle(handle -> handle.execute("truncate artifact_blob, artifact_tree cascade"));
        // Files carry the real clock: the injected one stays near it.
        now = InstantSource.system().instant();
        clock = () -> now;
        open(clock);
    }

    private void open(InstantSource clock) {
        blobs = new FolderBlobStore(folder);
        uploads = uploads(0);
        artifacts = new Artifacts(
                blobs,
                store,
                DATABASE.transactions(),
                (attempt, fence) -> {
                    if (fence != 7) {
                        throw new FairleadException(ErrorCode.STALE_FENCE, "fence", "fence is " + fence + ", not 7");
                    }
                },
                clock);
        garbage = collector(Duration.ofHours(1));
    }

    @Test
    void tellsWhatIsMissingAndHowMuchOfItIsThere() {
        push("here");
        BlobRef half = ref("half of it");
        try (Uploads.Session session = uploads.open(half)) {
            session.append(0, bytes("half"));
        }

        assertThat(artifacts.missing(List.of(ref("here"), half, ref("nothing"))))
                .containsExactly(
                        new Artifacts.Missing(half.digest(), 4),
                        new Artifacts.Missing(ref("nothing").digest(), 0));
    }

    @Test
    void commitsATreeOnceAndTheSameAgain() {
        push("one");
        push("two");
        Tree tree = artifacts.commit(List.of(file("b", "two"), file("a/x", "one")), null, null);
        now = now.plusSeconds(10);
        Tree again = artifacts.commit(List.of(file("a/x", "one"), file("b", "two")), null, tree.digest());

        assertThat(again).isEqualTo(tree);
        assertThat(tree.files()).containsExactly(file("a/x", "one"), file("b", "two"));
        assertThat(tree.totalBytes()).isEqualTo(6);
        assertThat(artifacts.find(tree.digest())).contains(tree);
        assertThat(artifacts.newest(10))
                .singleElement()
                .satisfies(summary -> assertThat(summary.digest()).isEqualTo(tree.digest()));
        assertThat(artifacts.storedBytes()).isEqualTo(6);
    }

    @Test
    void manyCommitsOfOneTreeAtOnceGiveOneTree() throws Exception {
        push("one");
        push("two");
        List<Future<Tree>> commits = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 32; i++) {
                commits.add(threads.submit(
                        () -> artifacts.commit(List.of(file("a", "one"), file("b", "two")), null, null)));
            }
        }
        Set<Tree> trees = new HashSet<>();
        for (Future<Tree> commit : commits) {
            trees.add(commit.get());
        }
        assertThat(trees).hasSize(1);
    }

    @Test
    void refusesATreeWithMissingBlobsNamingTheFile() {
        push("one");
        fails(
                () -> artifacts.commit(List.of(file("a", "one"), file("b", "two")), null, null),
                ErrorCode.BLOBS_MISSING,
                "files[1].blob.digest");
    }

    @Test
    void refusesAWrongSizeAndAWrongDigest() {
        push("one");
        fails(
                () -> artifacts.commit(List.of(new TreeFile("a", ref("one").digest(), 4)), null, null),
                ErrorCode.BLOB_SIZE_MISMATCH,
                "files[0].blob.size");
        fails(
                () -> artifacts.commit(
                        List.of(file("a", "one")), null, ref("one").digest()),
                ErrorCode.TREE_DIGEST_MISMATCH,
                "digest");
        fails(
                () -> artifacts.commit(List.of(file("../a", "one")), null, null),
                ErrorCode.TREE_PATH_INVALID,
                "files[0].path");
        assertThat(artifacts.newest(10)).isEmpty();
    }

    @Test
    void refusesAStaleFenceAndLeavesNothing() {
        push("one");
        fails(
                () -> artifacts.commit(List.of(file("a", "one")), new AttemptFence("attempt", 6), null),
                ErrorCode.STALE_FENCE,
                "fence");
        assertThat(artifacts.newest(10)).isEmpty();

        artifacts.commit(List.of(file("a", "one")), new AttemptFence("attempt", 7), null);
        assertThat(artifacts.newest(10)).hasSize(1);
    }

    @Test
    void keepsTheQuotaWithNumbers() {
        push("12345");
        Uploads tight = uploads(10);
        try (Uploads.Session first = tight.open(ref("abc"))) {
            first.append(0, bytes("abc"));
            assertThatThrownBy(() -> tight.open(ref("xyz")))
                    .hasMessage("the artifact quota is 10 bytes: 5 are stored, 3 are arriving, and "
                            + ref("xyz").digest() + " needs 3 more");
            assertThat(first.finish()).isTrue();
        }
        tight.open(ref("12345")).close();
        tight.open(ref("ab")).close();
    }

    @Test
    void collectsWhatNothingRefersTo() {
        push("keep");
        push("drop it");
        Tree kept = artifacts.commit(List.of(file("a", "keep")), null, null);
        Tree dropped = artifacts.commit(List.of(file("a", "keep"), file("b", "drop it")), null, null);
        referenced.add(kept.digest());

        assertThat(garbage.collect(Mode.REMOVE)).as("within the grace").isEqualTo(new Removed(0, 0));
        now = now.plus(Duration.ofHours(2));
        assertThat(garbage.collect(Mode.DRY_RUN)).isEqualTo(new Removed(1, 7));
        assertThat(artifacts.find(dropped.digest())).isPresent();
        assertThat(garbage.collect(Mode.REMOVE)).isEqualTo(new Removed(1, 7));

        assertThat(artifacts.find(dropped.digest())).isEmpty();
        assertThat(artifacts.find(kept.digest())).contains(kept);
        assertThat(blobs.size(ref("keep").digest())).hasValue(4);
        assertThat(blobs.size(ref("drop it").digest())).isEmpty();
    }

    @Test
    void sparesWhatSomebodyWasToldIsThere() {
        push("old");
        now = now.plus(Duration.ofHours(2));
        artifacts.missing(List.of(ref("old")));

        assertThat(garbage.collect(Mode.REMOVE).count()).isZero();
        artifacts.commit(List.of(file("a", "old")), null, null);
    }

    @Test
    void sparesATreeThatIsAboutToBeRemembered() {
        push("old");
        Tree tree = artifacts.commit(List.of(file("a", "old")), null, null);
        now = now.plus(Duration.ofHours(2));
        artifacts.require(tree.digest(), "tree_digest");

        assertThat(garbage.collect(Mode.REMOVE).count()).isZero();
        fails(() -> artifacts.require(ref("x").digest(), "tree_digest"), ErrorCode.TREE_NOT_FOUND, "tree_digest");
    }

    @Test
    void collectsFilesOnNoAccount() {
        push("orphan");
        DATABASE.jdbi().useHandle(handle -> handle.execute("truncate artifact_blob cascade"));
        now = now.plus(Duration.ofHours(2));

        assertThat(garbage.collect(Mode.DRY_RUN)).isEqualTo(new Removed(1, 6));
        assertThat(garbage.collect(Mode.REMOVE)).isEqualTo(new Removed(1, 6));
        assertThat(blobs.size(ref("orphan").digest())).isEmpty();
    }

    @Test
    void noCommittedTreeLosesABlobWhileGarbageIsCollected() throws Exception {
        // No grace at all: nothing but the locking protects a commit that overlaps a collection.
        clock = InstantSource.system();
        open(clock);
        GarbageCollector eager = collector(Duration.ZERO);
        AtomicBoolean done = new AtomicBoolean();
        Set<Digest> committed = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> collector = threads.submit(() -> {
                while (!done.get()) {
                    eager.collect(Mode.REMOVE);
                }
            });
            for (int i = 0; i < 150; i++) {
                String text = "blob " + i % 3;
                try {
                    push(text);
                    Tree tree = DATABASE.transactions().call(() -> {
                        Tree made = artifacts.commit(List.of(file("a", text)), null, null);
                        synchronized (referenced) {
                            referenced.add(made.digest());
                        }
                        return made;
                    });
                    committed.add(tree.digest());
                    assertThat(artifacts.find(tree.digest())).contains(tree);
                    assertThat(blobs.size(ref(text).digest())).hasValue(text.length());
                } catch (FairleadException lost) {
                    assertThat(lost.code()).isIn(ErrorCode.BLOBS_MISSING, ErrorCode.LOST_RACE);
                } finally {
                    synchronized (referenced) {
                        referenced.clear();
                    }
                }
            }
            done.set(true);
            collector.get();
        }
        assertThat(committed).isNotEmpty();
    }

    private GarbageCollector collector(Duration grace) {
        return new GarbageCollector(
                blobs,
                store,
                DATABASE.transactions(),
                List.of(() -> {
                    synchronized (referenced) {
                        return Set.copyOf(referenced);
                    }
                }),
                clock,
                grace);
    }

    private Uploads uploads(long quota) {
        return new Uploads(blobs, store, DATABASE.transactions(), clock, quota);
    }

    private void push(String text) {
        try (Uploads.Session session = uploads.open(ref(text))) {
            session.append(0, bytes(text));
            assertThat(session.finish()).isTrue();
        }
    }

    private static TreeFile file(String path, String text) {
        return new TreeFile(path, ref(text).digest(), text.length());
    }

    private static BlobRef ref(String text) {
        byte[] digest = Manifest.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        return new BlobRef(new Digest(HexFormat.of().formatHex(digest)), text.length());
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void fails(ThrowingCallable call, ErrorCode code, String field) {
        assertThatThrownBy(call).isInstanceOfSatisfying(FairleadException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.field()).isEqualTo(field);
        });
    }
}
