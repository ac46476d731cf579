package dev.fairlead.control.artifact.jdbc;

import dev.fairlead.control.artifact.ArtifactStore;
import dev.fairlead.control.artifact.BlobRef;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.artifact.Tree;
import dev.fairlead.control.artifact.TreeFile;
import dev.fairlead.control.artifact.TreeSummary;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** All SQL of blobs and trees. Digests are kept as clients write them: {@code sha256:…}. */
@Singleton
public final class JdbiArtifactStore implements ArtifactStore {
    private final Jdbi jdbi;

    public JdbiArtifactStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public void blobStored(BlobRef blob, Instant now) {
        expectOne(
                "noting blob " + blob.digest(),
                jdbi.withHandle(handle -> handle.createUpdate("""
                                insert into artifact_blob (digest, size, stored_at, touched_at)
                                values (:digest, :size, :now, :now)
                                on conflict (digest) do update set touched_at = excluded.touched_at
                                """)
                        .bind("digest", blob.digest().toString())
                        .bind("size", blob.size())
                        .bind("now", utc(now))
                        .execute()));
    }

    @Override
    public Map<Digest, Long> touchBlobs(Collection<Digest> digests, Instant now) {
        // Locked in one order by everybody, so that two commits of the same blobs cannot wait for each other.
        return jdbi.withHandle(handle -> handle.createQuery("""
                        with mine as (
                            select digest from artifact_blob where digest = any(:digests) order by digest for update
                        )
                        update artifact_blob b set touched_at = greatest(touched_at, :now)
                        from mine where b.digest = mine.digest
                        returning b.digest, b.size
                        """)
                .bindArray("digests", String.class, texts(digests))
                .bind("now", utc(now))
                .reduceRows(new HashMap<>(), (sizes, row) -> {
                    sizes.put(digest(row.getColumn("digest", String.class)), row.getColumn("size", Long.class));
                    return sizes;
                }));
    }

    @Override
    public boolean insertTree(Tree tree) {
        return jdbi.withHandle(handle -> {
            int rows = handle.createUpdate("""
                            insert into artifact_tree (digest, total_bytes, committed_at, touched_at)
                            values (:digest, :total, :at, :at)
                            on conflict (digest) do nothing
                            """)
                    .bind("digest", tree.digest().toString())
                    .bind("total", tree.totalBytes())
                    .bind("at", utc(tree.committedAt()))
                    .execute();
            if (rows == 0) {
                // Gone again where a collection removed it between the two statements.
                return !touchTree(tree.digest(), tree.committedAt()) && insertTree(tree);
            }
            List<TreeFile> files = tree.files();
            int written = handle.createUpdate("""
                            insert into artifact_tree_file (tree, path, blob, size)
                            select :tree, path, blob, size
                            from unnest(cast(:paths as text[]), cast(:blobs as text[]), cast(:sizes as bigint[])) as f (path, blob, size)
                            """)
                    .bind("tree", tree.digest().toString())
                    .bindArray(
                            "paths",
                            String.class,
                            files.stream().map(TreeFile::path).toList())
                    .bindArray(
                            "blobs",
                            String.class,
                            files.stream().map(file -> file.digest().toString()).toList())
                    .bindArray(
                            "sizes",
                            Long.class,
                            files.stream().map(TreeFile::size).toList())
                    .execute();
            if (written != files.size()) {
                throw new IllegalStateException(
                        "tree " + tree.digest() + ": " + written + " of " + files.size() + " files were written");
            }
            return true;
        });
    }

    @Override
    public Optional<Tree> findTree(Digest digest) {
        return jdbi.withHandle(handle -> {
            Optional<Instant> committed = handle.createQuery("""
                            select committed_at from artifact_tree where digest = :digest
                            """)
                    .bind("digest", digest.toString())
                    .map((row, _) -> instant(row, "committed_at"))
                    .findOne();
            return committed.map(at -> new Tree(
                    digest,
                    handle.createQuery("""
                                    select path, blob, size from artifact_tree_file where tree = :tree order by path collate "C"
                                    """)
                            .bind("tree", digest.toString())
                            .map((row, _) -> new TreeFile(
                                    row.getString("path"), digest(row.getString("blob")), row.getLong("size")))
                            .list(),
                    at));
        });
    }

    @Override
    public boolean touchTree(Digest digest, Instant now) {
        return jdbi.withHandle(handle -> handle.createUpdate("""
                                update artifact_tree set touched_at = greatest(touched_at, :now) where digest = :digest
                                """)
                        .bind("digest", digest.toString())
                        .bind("now", utc(now))
                        .execute())
                == 1;
    }

    @Override
    public List<TreeSummary> newestTrees(int limit) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select digest, total_bytes, committed_at from artifact_tree
                        order by committed_at desc, digest limit :limit
                        """)
                .bind("limit", limit)
                .map((row, _) -> new TreeSummary(
                        digest(row.getString("digest")), row.getLong("total_bytes"), instant(row, "committed_at")))
                .list());
    }

    @Override
    public long storedBytes() {
        return jdbi.withHandle(handle -> handle.createQuery("select coalesce(sum(size), 0) from artifact_blob")
                .mapTo(Long.class)
                .one());
    }

    @Override
    public Set<Digest> idleTrees(Instant cutoff) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select digest from artifact_tree where touched_at < :cutoff
                        """)
                .bind("cutoff", utc(cutoff))
                .map((row, _) -> digest(row.getString("digest")))
                .set());
    }

    @Override
    public Set<Digest> lockIdleTrees(Set<Digest> trees, Instant cutoff) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select digest from artifact_tree where digest = any(:trees) and touched_at < :cutoff
                        order by digest for update
                        """)
                .bindArray("trees", String.class, texts(trees))
                .bind("cutoff", utc(cutoff))
                .map((row, _) -> digest(row.getString("digest")))
                .set());
    }

    @Override
    public void deleteTrees(Set<Digest> trees) {
        int rows = jdbi.withHandle(handle -> handle.createUpdate("""
                        delete from artifact_tree where digest = any(:trees)
                        """)
                .bindArray("trees", String.class, texts(trees))
                .execute());
        if (rows != trees.size()) {
            throw new IllegalStateException(rows + " of " + trees.size() + " locked trees were deleted");
        }
    }

    @Override
    public List<BlobRef> idleBlobs(Set<Digest> withoutTrees, Instant cutoff) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select b.digest, b.size from artifact_blob b
                        where b.touched_at < :cutoff and not exists (
                            select 1 from artifact_tree_file f where f.blob = b.digest and f.tree <> all(:without)
                        )
                        """)
                .bindArray("without", String.class, texts(withoutTrees))
                .bind("cutoff", utc(cutoff))
                .map((row, _) -> new BlobRef(digest(row.getString("digest")), row.getLong("size")))
                .list());
    }

    @Override
    public boolean deleteBlob(Digest digest, Instant cutoff) {
        return jdbi.withHandle(handle -> {
            // Locked first, in a statement of its own: the next one then sees what a commit we waited for has written.
            handle.createQuery("select digest from artifact_blob where digest = :digest for update")
                    .bind("digest", digest.toString())
                    .mapTo(String.class)
                    .findOne();
            int rows = handle.createUpdate("""
                            delete from artifact_blob b
                            where b.digest = :digest and b.touched_at < :cutoff
                            and not exists (select 1 from artifact_tree_file f where f.blob = b.digest)
                            """)
                    .bind("digest", digest.toString())
                    .bind("cutoff", utc(cutoff))
                    .execute();
            return rows == 1;
        });
    }

    @Override
    public Set<Digest> knownBlobs(Collection<Digest> digests) {
        return new HashSet<>(jdbi.withHandle(handle -> handle.createQuery("""
                        select digest from artifact_blob where digest = any(:digests)
                        """)
                .bindArray("digests", String.class, texts(digests))
                .map((row, _) -> digest(row.getString("digest")))
                .list()));
    }

    @Override
    public void lockBlob(Digest digest) {
        jdbi.useHandle(handle -> handle.createQuery("""
                        select 1 from (select pg_advisory_xact_lock(hashtextextended(:digest, 0))) as locked
                        """)
                .bind("digest", digest.toString())
                .mapTo(Integer.class)
                .one());
    }

    private static List<String> texts(Collection<Digest> digests) {
        return digests.stream().map(Digest::toString).toList();
    }

    private static Digest digest(String text) {
        return Digest.parse(text, "digest");
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static void expectOne(String what, int rows) {
        if (rows != 1) {
            throw new IllegalStateException(what + " touched " + rows + " rows");
        }
    }
}
