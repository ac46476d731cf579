package dev.fairlead.control.access.jdbc;

import dev.fairlead.control.access.Role;
import dev.fairlead.control.access.Token;
import dev.fairlead.control.access.TokenStore;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

@Singleton
final class JdbiTokenStore implements TokenStore {
    private final Jdbi jdbi;

    JdbiTokenStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public boolean insert(Token token, String hash) {
        return write(token, hash, """
                insert into access_token (name, hash, role, created_at, expires_at)
                values (:name, :hash, :role, :created, :expires)
                on conflict (name) do nothing
                """) == 1;
    }

    @Override
    public void replace(Token token, String hash) {
        int rows = write(token, hash, """
                insert into access_token (name, hash, role, created_at, expires_at)
                values (:name, :hash, :role, :created, :expires)
                on conflict (name) do update
                set hash = excluded.hash, role = excluded.role, created_at = excluded.created_at, expires_at = excluded.expires_at
                """);
        if (rows != 1) {
            throw new IllegalStateException("replacing one token touched " + rows + " rows");
        }
    }

    @Override
    public Optional<Token> find(String hash) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select name, role, created_at, expires_at from access_token where hash = :hash
                        """)
                .bind("hash", hash)
                .map((row, _) -> token(row))
                .findOne());
    }

    @Override
    public List<Token> list() {
        return jdbi.withHandle(
                handle -> handle.createQuery("""
                        select name, role, created_at, expires_at from access_token order by name
                        """).map((row, _) -> token(row)).list());
    }

    @Override
    public boolean delete(String name) {
        return jdbi.withHandle(handle -> handle.createUpdate("delete from access_token where name = :name")
                        .bind("name", name)
                        .execute())
                == 1;
    }

    private int write(Token token, String hash, String sql) {
        return jdbi.withHandle(handle -> handle.createUpdate(sql)
                .bind("name", token.name())
                .bind("hash", hash)
                .bind("role", token.role().name())
                .bind("created", utc(token.createdAt()))
                .bind("expires", utc(token.expiresAt()))
                .execute());
    }

    private static Token token(ResultSet row) throws SQLException {
        OffsetDateTime expires = row.getObject("expires_at", OffsetDateTime.class);
        return new Token(
                row.getString("name"),
                Role.valueOf(row.getString("role")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                expires == null ? null : expires.toInstant());
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
