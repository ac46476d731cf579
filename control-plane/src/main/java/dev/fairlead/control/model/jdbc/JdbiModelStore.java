package dev.fairlead.control.model.jdbc;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.model.Alias;
import dev.fairlead.control.model.ModelFormat;
import dev.fairlead.control.model.ModelName;
import dev.fairlead.control.model.ModelStore;
import dev.fairlead.control.model.ModelVersion;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** All SQL of versions and aliases. */
@Singleton
public final class JdbiModelStore implements ModelStore {
    private final Jdbi jdbi;

    public JdbiModelStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public void lock(ModelName model) {
        jdbi.useHandle(handle -> handle.createQuery("""
                        select 1 from (select pg_advisory_xact_lock(hashtextextended('model/' || :model, 0))) as locked
                        """)
                .bind("model", model.text())
                .mapTo(Integer.class)
                .one());
    }

    @Override
    public Optional<ModelVersion> find(ModelName model, int version) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select model, version, tree, format, suite, job_id, created_at from model_version
                        where model = :model and version = :version
                        """)
                .bind("model", model.text())
                .bind("version", version)
                .map((row, _) -> version(row))
                .findOne());
    }

    @Override
    public Optional<ModelVersion> findSame(ModelName model, Digest tree, Optional<Digest> suite) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select model, version, tree, format, suite, job_id, created_at from model_version
                        where model = :model and tree = :tree and coalesce(suite, '') = :suite
                        """)
                .bind("model", model.text())
                .bind("tree", tree.toString())
                .bind("suite", suite.map(Digest::toString).orElse(""))
                .map((row, _) -> version(row))
                .findOne());
    }

    @Override
    public Optional<ModelVersion> findByTree(Digest tree) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select model, version, tree, format, suite, job_id, created_at from model_version
                        where tree = :tree order by created_at desc, model, version desc limit 1
                        """)
                .bind("tree", tree.toString())
                .map((row, _) -> version(row))
                .findOne());
    }

    @Override
    public int last(ModelName model) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select coalesce(max(version), 0) from model_version where model = :model
                        """)
                .bind("model", model.text())
                .mapTo(Integer.class)
                .one());
    }

    @Override
    public void insert(ModelVersion version) {
        int rows = jdbi.withHandle(handle -> handle.createUpdate("""
                        insert into model_version (model, version, tree, format, suite, job_id, created_at)
                        values (:model, :version, :tree, :format, :suite, :job, :at)
                        """)
                .bind("model", version.model().text())
                .bind("version", version.version())
                .bind("tree", version.tree().toString())
                .bind("format", version.format().name())
                .bind("suite", version.suite().map(Digest::toString))
                .bind("job", version.jobId())
                .bind("at", utc(version.createdAt()))
                .execute());
        expectOne("registering " + version.model() + "@" + version.version(), rows);
    }

    @Override
    public List<ModelVersion> versions(Optional<ModelName> model) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select model, version, tree, format, suite, job_id, created_at from model_version
                        where :model = '' or model = :model order by model collate "C", version
                        """)
                .bind("model", model.map(ModelName::text).orElse(""))
                .map((row, _) -> version(row))
                .list());
    }

    @Override
    public List<Alias> aliases(Optional<ModelName> model) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select distinct on (model, environment) model, environment, version, tree, format, promotion_id, moved_at
                        from model_alias_move where :model = '' or model = :model
                        order by model, environment, id desc
                        """)
                .bind("model", model.map(ModelName::text).orElse(""))
                .map((row, _) -> alias(row))
                .list());
    }

    @Override
    public Optional<Alias> alias(ModelName model, String environment) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select model, environment, version, tree, format, promotion_id, moved_at from model_alias_move
                        where model = :model and environment = :environment order by id desc limit 1
                        """)
                .bind("model", model.text())
                .bind("environment", environment)
                .map((row, _) -> alias(row))
                .findOne());
    }

    @Override
    public void move(Alias alias) {
        int rows = jdbi.withHandle(handle -> handle.createUpdate("""
                        insert into model_alias_move (model, environment, version, tree, format, promotion_id, moved_at)
                        values (:model, :environment, :version, :tree, :format, :promotion, :at)
                        """)
                .bind("model", alias.model().text())
                .bind("environment", alias.environment())
                .bind("version", alias.version())
                .bind("tree", alias.tree().toString())
                .bind("format", alias.format().name())
                .bind("promotion", alias.promotionId())
                .bind("at", utc(alias.movedAt()))
                .execute());
        expectOne("moving " + alias.name(), rows);
    }

    @Override
    public void remove(ModelName model, String environment) {
        int rows = jdbi.withHandle(handle -> handle.createUpdate("""
                        delete from model_alias_move where model = :model and environment = :environment
                        """)
                .bind("model", model.text())
                .bind("environment", environment)
                .execute());
        if (rows == 0) {
            throw new IllegalStateException("there was no alias " + model + "@" + environment + " to remove");
        }
    }

    @Override
    public List<Alias> history(ModelName model, String environment) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select model, environment, version, tree, format, promotion_id, moved_at from model_alias_move
                        where model = :model and environment = :environment order by id desc
                        """)
                .bind("model", model.text())
                .bind("environment", environment)
                .map((row, _) -> alias(row))
                .list());
    }

    @Override
    public Set<Digest> trees() {
        return new HashSet<>(jdbi.withHandle(handle -> handle.createQuery("""
                        select tree from model_version
                        union select suite from model_version where suite is not null
                        union select tree from model_alias_move
                        """)
                .map((row, _) -> digest(row.getString("tree")))
                .list()));
    }

    private static ModelVersion version(ResultSet row) throws SQLException {
        return new ModelVersion(
                new ModelName(row.getString("model")),
                row.getInt("version"),
                digest(row.getString("tree")),
                ModelFormat.valueOf(row.getString("format")),
                Optional.ofNullable(row.getString("suite")).map(JdbiModelStore::digest),
                Optional.ofNullable(row.getString("job_id")),
                instant(row, "created_at"));
    }

    private static Alias alias(ResultSet row) throws SQLException {
        return new Alias(
                new ModelName(row.getString("model")),
                row.getString("environment"),
                row.getInt("version"),
                digest(row.getString("tree")),
                ModelFormat.valueOf(row.getString("format")),
                row.getString("promotion_id"),
                instant(row, "moved_at"));
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
