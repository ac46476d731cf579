package dev.fairlead.agent.artifact;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.machine.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Trees that this agent has fetched, the least recently used dropped first when they outgrow the limit. A tree
 * counts as cached when its manifest is here; the manifest is written last. Staged files stay valid when their tree
 * is dropped, as they are links or copies.
 */
public final class Cache {
    private static final Bytes KEEP_FREE = new Bytes(64L << 20);

    private final Path manifests;
    private final BlobStore blobs;
    private final Bytes limit;
    private final InstantSource clock;
    // One fetch at a time: two would race for the same partial files and for the same room.
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Digest, Tree> trees = new HashMap<>();
    private final Map<Digest, Boolean> changes = new LinkedHashMap<>();

    /** Opens the cache in {@code folder}, made where absent. A manifest that cannot be read is dropped. */
    public Cache(Path folder, Bytes limit, InstantSource clock) throws IOException {
        this.manifests = Files.createDirectories(folder.resolve("trees"));
        this.blobs = new BlobStore(folder);
        this.limit = limit;
        this.clock = clock;
        try (var files = Files.list(manifests)) {
            for (Path file : files.toList()) {
                load(file);
            }
        }
    }

    private void load(Path file) throws IOException {
        try {
            var digest = new Digest(file.getFileName().toString());
            var tree = Tree.parse(Files.readString(file));
            if (tree.digest().equals(digest)) {
                trees.put(digest, tree);
                changes.put(digest, true);
                return;
            }
        } catch (AgentFailure e) {
            // Falls through: what is no manifest is dropped like a wrong one.
        }
        Files.delete(file);
    }

    /**
     * Fetches the tree where it is not here and stages it in {@code target}, a folder that must not exist.
     *
     * @throws AgentFailure CACHE_LIMIT where the tree is larger than the cache may become
     */
    public Tree stage(Digest digest, Path target, Artifacts artifacts) throws IOException {
        lock.lock();
        try {
            Tree tree = ensure(digest, artifacts);
            Files.createDirectories(target);
            for (TreeFile file : tree.files()) {
                Path place = target.resolve(file.path()).normalize();
                if (!place.startsWith(target)) {
                    throw new AgentFailure(FailureCode.BAD_ARTIFACT, file.path() + ": leaves its folder");
                }
                Files.createDirectories(place.getParent());
                blobs.stage(file.digest(), place);
            }
            return tree;
        } finally {
            lock.unlock();
        }
    }

    private Tree ensure(Digest digest, Artifacts artifacts) throws IOException {
        Tree known = trees.get(digest);
        Tree tree = known == null ? artifacts.tree(digest) : known;
        if (!tree.digest().equals(digest)) {
            throw new AgentFailure(
                    FailureCode.DIGEST_MISMATCH, "tree: want " + digest + ", the files make " + tree.digest());
        }
        makeRoom(digest, tree);
        for (TreeFile file : tree.files()) {
            if (!blobs.has(file)) {
                blobs.fetch(file, artifacts);
            }
        }
        Path manifest = manifests.resolve(digest.hex());
        if (known == null || !Files.exists(manifest)) {
            Folders.writeWhole(manifest, tree.manifest());
            trees.put(digest, tree);
            changes.put(digest, true);
        }
        Files.setLastModifiedTime(manifest, FileTime.from(clock.instant()));
        return tree;
    }

    private void makeRoom(Digest digest, Tree tree) throws IOException {
        if (tree.size().exceeds(limit)) {
            throw new AgentFailure(
                    FailureCode.CACHE_LIMIT, digest + ": needs " + tree.size() + "; the cache's limit is " + limit);
        }
        var others = new ArrayList<>(trees.keySet());
        others.remove(digest);
        others.sort(Comparator.comparing(this::lastUsed));
        while (!others.isEmpty() && used(others, tree).exceeds(limit)) {
            drop(others.removeFirst());
        }
        long missing = 0;
        for (TreeFile file : tree.files()) {
            missing += blobs.has(file) ? 0 : file.size();
        }
        if (missing > 0 && new Bytes(missing + KEEP_FREE.value()).exceeds(blobs.free())) {
            throw new AgentFailure(
                    FailureCode.DISK_FULL,
                    digest + ": needs " + new Bytes(missing) + " more; the disk has " + blobs.free() + " free");
        }
    }

    private FileTime lastUsed(Digest digest) {
        try {
            return Files.getLastModifiedTime(manifests.resolve(digest.hex()));
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    private Bytes used(List<Digest> others, Tree tree) {
        Map<Digest, Long> sizes = new HashMap<>();
        tree.files().forEach(file -> sizes.put(file.digest(), file.size()));
        for (Digest other : others) {
            Tree cached = trees.get(other);
            if (cached != null) {
                cached.files().forEach(file -> sizes.put(file.digest(), file.size()));
            }
        }
        return new Bytes(sizes.values().stream().mapToLong(Long::longValue).sum());
    }

    private void drop(Digest digest) throws IOException {
        Files.deleteIfExists(manifests.resolve(digest.hex()));
        Tree tree = trees.remove(digest);
        changes.put(digest, false);
        if (tree == null) {
            return;
        }
        Set<Digest> kept = new HashSet<>();
        trees.values().forEach(other -> other.files().forEach(file -> kept.add(file.digest())));
        for (TreeFile file : tree.files()) {
            if (!kept.contains(file.digest())) {
                blobs.delete(file.digest());
            }
        }
    }

    /** Trees that came and went since the last call; the first call after {@link #forgetTold} names all. */
    public Changes takeChanges() {
        if (!lock.tryLock()) {
            // A fetch is under way: a heartbeat must not wait for it.
            return new Changes(List.of(), List.of());
        }
        try {
            var cached = changes.entrySet().stream()
                    .filter(Map.Entry::getValue)
                    .map(Map.Entry::getKey)
                    .toList();
            var evicted = changes.entrySet().stream()
                    .filter(e -> !e.getValue())
                    .map(Map.Entry::getKey)
                    .toList();
            changes.clear();
            return new Changes(cached, evicted);
        } finally {
            lock.unlock();
        }
    }

    /** Makes the next {@link #takeChanges} name every tree again, for a control plane that may have forgotten. */
    public void forgetTold() {
        lock.lock();
        try {
            trees.keySet().forEach(digest -> changes.put(digest, true));
        } finally {
            lock.unlock();
        }
    }

    public record Changes(List<Digest> cached, List<Digest> evicted) {
        public Changes {
            cached = List.copyOf(cached);
            evicted = List.copyOf(evicted);
        }
    }
}
