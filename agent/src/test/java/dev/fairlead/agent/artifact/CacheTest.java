package dev.fairlead.agent.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.machine.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheTest {
    @TempDir
    Path folder;

    private final Store store = new Store();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Cache cache;

    CacheTest() throws IOException {
        cache = new Cache(Files.createTempDirectory("fairlead-cache"), new Bytes(100), () -> now);
    }

    @BeforeEach
    void open() throws IOException {
        cache = new Cache(folder.resolve("cache"), new Bytes(100), () -> now);
    }

    @Test
    void stagesReadOnlyFilesAndFetchesOnce() throws IOException {
        Digest digest = store.put(Map.of("a/b.txt", "seven", "c.txt", "seven"));

        cache.stage(digest, folder.resolve("one"), store);
        cache.stage(digest, folder.resolve("two"), store);

        assertThat(folder.resolve("two/a/b.txt")).hasContent("seven");
        assertThat(Files.getPosixFilePermissions(folder.resolve("one/c.txt")))
                .hasToString("[OWNER_READ, GROUP_READ, OTHERS_READ]");
        assertThat(store.downloads).hasSize(1);
    }

    @Test
    void fetchesAgainWhatAProcessWroteThroughALink() throws IOException {
        Digest digest = store.put(Map.of("a.txt", "seven"));
        cache.stage(digest, folder.resolve("one"), store);
        Path staged = folder.resolve("one/a.txt");
        Files.setPosixFilePermissions(staged, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        Files.writeString(staged, "eight");

        cache.stage(digest, folder.resolve("two"), store);

        assertThat(folder.resolve("two/a.txt")).hasContent("seven");
    }

    @Test
    void dropsTheLeastRecentlyUsedTree() throws IOException {
        Digest first = store.put(Map.of("a", "a".repeat(40)));
        Digest second = store.put(Map.of("b", "b".repeat(40)));
        Digest third = store.put(Map.of("c", "c".repeat(40)));
        stageAt(first, 1);
        stageAt(second, 2);
        stageAt(first, 3);
        var _ = cache.takeChanges();

        stageAt(third, 4);

        assertThat(cache.takeChanges()).isEqualTo(new Cache.Changes(List.of(third), List.of(second)));
        assertThat(folder.resolve("s2/b")).hasContent("b".repeat(40));
    }

    private void stageAt(Digest digest, int second) throws IOException {
        now = now.plusSeconds(second);
        cache.stage(digest, folder.resolve("s" + second), store);
    }

    @Test
    void refusesATreeThatIsLargerThanItMayBecome() {
        Digest digest = store.put(Map.of("a", "a".repeat(101)));

        assertThatThrownBy(() -> cache.stage(digest, folder.resolve("one"), store))
                .isInstanceOf(AgentFailure.class)
                .hasMessage(digest + ": needs 101 B; the cache's limit is 100 B");
    }

    @Test
    void knowsItsTreesAfterARestart() throws IOException {
        Digest digest = store.put(Map.of("a.txt", "seven"));
        cache.stage(digest, folder.resolve("one"), store);

        cache = new Cache(folder.resolve("cache"), new Bytes(100), () -> now);

        assertThat(cache.takeChanges().cached()).containsExactly(digest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../out", "/etc/passwd", "a/../../out", "a//b", "", ".", "a/.", "a\\..\\b", "a\u0000b", "a\nb"})
    void refusesAPathThatLeavesItsFolder(String path) {
        assertThatThrownBy(() -> new TreeFile(path, digest("x"), 1))
                .isInstanceOf(AgentFailure.class)
                .hasMessageStartingWith("path '");
    }

    @Test
    void refusesAFileUnderAFileAndATwin() {
        var a = new TreeFile("a", digest("x"), 1);
        var below = new TreeFile("a/b", digest("x"), 1);

        assertThatThrownBy(() -> new Tree(List.of(a, below))).hasMessage("a/b: lies under a file");
        assertThatThrownBy(() -> new Tree(List.of(a, a))).hasMessage("a: appears twice");
    }

    @Test
    void refusesBytesOfAnotherHashAndKeepsNone() {
        Digest digest = store.put(Map.of("a.txt", "seven"));
        store.blobs.replaceAll((name, bytes) -> "eight".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> cache.stage(digest, folder.resolve("one"), store))
                .isInstanceOf(AgentFailure.class)
                .hasMessageStartingWith("a.txt: want sha256:");
        assertThat(folder.resolve("cache/partial")).isEmptyDirectory();
        assertThat(folder.resolve("one")).doesNotExist();
    }

    @Test
    void refusesMoreBytesThanTheTreeSays() {
        Digest digest = store.put(Map.of("a.txt", "seven"));
        store.blobs.replaceAll((name, bytes) -> new byte[1000]);

        assertThatThrownBy(() -> cache.stage(digest, folder.resolve("one"), store))
                .hasMessageContaining("more than 5 bytes came");
    }

    @Test
    void refusesATreeThatIsNotTheOneAskedFor() {
        Digest digest = store.put(Map.of("a.txt", "seven"));
        Digest other = store.put(Map.of("b.txt", "seven"));
        store.trees.put(digest, store.trees.get(other));

        assertThatThrownBy(() -> cache.stage(digest, folder.resolve("one"), store))
                .hasMessageStartingWith("tree: want " + digest);
    }

    @Test
    void refusesALinkInAnOutput() throws IOException {
        Path output = Files.createDirectories(folder.resolve("outputs/model"));
        Files.createSymbolicLink(output.resolve("weights"), Path.of("/etc/passwd"));

        assertThatThrownBy(() -> OutputReader.read("model", output))
                .isInstanceOf(AgentFailure.class)
                .hasMessage("outputs/model/weights: is a symbolic link; only regular files are kept");
    }

    @Test
    void refusesAnOutputThatIsALinkItself() throws IOException {
        Files.createDirectories(folder.resolve("outputs"));
        Path output = Files.createSymbolicLink(folder.resolve("outputs/model"), Path.of("/etc"));

        assertThatThrownBy(() -> OutputReader.read("model", output)).hasMessage("outputs/model: is not a folder");
    }

    private static Digest digest(String text) {
        var hash = Digest.sha256();
        hash.update(text.getBytes(StandardCharsets.UTF_8));
        return Digest.finish(hash);
    }

    /** A store in memory. */
    private static final class Store implements Artifacts {
        final Map<Digest, Tree> trees = new HashMap<>();
        final Map<Digest, byte[]> blobs = new HashMap<>();
        final List<Digest> downloads = new ArrayList<>();

        Digest put(Map<String, String> files) {
            var tree = new Tree(files.entrySet().stream()
                    .map(file -> {
                        Digest digest = digest(file.getValue());
                        blobs.put(digest, file.getValue().getBytes(StandardCharsets.UTF_8));
                        return new TreeFile(
                                file.getKey(), digest, file.getValue().length());
                    })
                    .toList());
            trees.put(tree.digest(), tree);
            return tree.digest();
        }

        @Override
        public Tree tree(Digest digest) {
            return Objects.requireNonNull(trees.get(digest));
        }

        @Override
        public void download(Digest blob, long offset, Sink sink) throws IOException {
            downloads.add(blob);
            byte[] bytes = Objects.requireNonNull(blobs.get(blob));
            sink.accept(java.util.Arrays.copyOfRange(bytes, (int) offset, bytes.length));
        }

        @Override
        public Digest commit(OutputFolder output, String attemptId, long fence) {
            throw new UnsupportedOperationException("the cache commits nothing");
        }
    }
}
