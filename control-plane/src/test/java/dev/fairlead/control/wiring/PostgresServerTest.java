package dev.fairlead.control.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class PostgresServerTest {
    @TempDir
    Path home;

    @Test
    void keepsWhatWasCommittedThoughItsOwnerWasKilled() throws SQLException, IOException {
        // Never closed: this is what a killed control plane leaves behind, a server that still runs.
        PostgresServer orphan = PostgresServer.start(home, Main.binariesCache());
        execute(orphan.credentials(), "create table kept (n integer); insert into kept values (42)");

        try (PostgresServer server = PostgresServer.start(home, Main.binariesCache())) {
            assertThat(query(server.credentials(), "select n from kept")).isEqualTo("42");
            assertThat(query(server.credentials(), "show fsync")).isEqualTo("on");
            assertThat(query(server.credentials(), "show synchronous_commit")).isEqualTo("on");
            assertThat(query(server.credentials(), "show full_page_writes")).isEqualTo("on");
            assertThat(query(server.credentials(), "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThatThrownBy(() -> query(orphan.credentials(), "select 1")).isInstanceOf(SQLException.class);
            PostgresServer.Credentials wrong = new PostgresServer.Credentials(
                    server.credentials().url(), server.credentials().username(), "wrong");
            assertThatThrownBy(() -> query(wrong, "select 1")).hasMessageContaining("password authentication failed");
        }

        assertThat(home.resolve("postgres/postmaster.pid")).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("postgres.password"))))
                .isEqualTo("rw-------");
    }

    @Test
    void refusesDataOfAnotherMajorVersion() throws IOException {
        Files.createDirectories(home.resolve("postgres"));
        Files.writeString(home.resolve("postgres/PG_VERSION"), "17\n");

        assertThatThrownBy(() -> PostgresServer.start(home, Main.binariesCache()))
                .hasMessageContaining("holds data of PostgreSQL 17 and this service brings 18");
    }

    @Test
    void aSecondControlPlaneOnTheSameHomeIsRefused() {
        try (HomeLock _ = HomeLock.take(home)) {
            assertThatThrownBy(() -> HomeLock.take(home))
                    .hasMessage("another control plane runs on " + home
                            + ": stop it first, or set fairlead.home to another folder");
        }
        HomeLock.take(home).close();
    }

    @Test
    void aSecretIsMadeOnceAndOnlyItsOwnerReadsIt() throws IOException {
        Path file = home.resolve("secret");

        String secret = PrivateFiles.secret(file);

        assertThat(secret).hasSize(43);
        assertThat(PrivateFiles.secret(file)).isEqualTo(secret);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    private static void execute(PostgresServer.Credentials credentials, String sql) throws SQLException {
        try (Connection connection = source(credentials).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(PostgresServer.Credentials credentials, String sql) throws SQLException {
        try (Connection connection = source(credentials).getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static PGSimpleDataSource source(PostgresServer.Credentials credentials) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(credentials.url());
        source.setUser(credentials.username());
        source.setPassword(credentials.password());
        return source;
    }
}
