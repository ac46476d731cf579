package dev.fairlead.control.wiring;

import dev.fairlead.control.tx.Transactions;
import dev.fairlead.control.tx.jdbc.Databases;
import dev.fairlead.control.tx.jdbc.JdbiTransactions;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A fresh, migrated database for one test class, in the one embedded PostgreSQL of this JVM:
 * {@code @RegisterExtension static final ControlPlaneDatabase DATABASE = ControlPlaneDatabase.fresh();}
 */
public final class ControlPlaneDatabase implements AfterAllCallback {
    private static final String TEMPLATE = "fairlead_template";
    private static int count;

    private final PostgresServer.Credentials credentials;
    private final AgroalDataSource pool;
    private final Jdbi jdbi;
    private final Transactions transactions;

    private ControlPlaneDatabase(PostgresServer.Credentials credentials) {
        this.credentials = credentials;
        this.pool = pool(credentials, 10);
        this.jdbi = Databases.over(pool);
        this.transactions = new JdbiTransactions(jdbi);
    }

    public static synchronized ControlPlaneDatabase fresh() {
        PostgresServer.Credentials server = Server.STARTED.credentials();
        String name = "test_" + ++count;
        try (AgroalDataSource maintenance = pool(at(server, "postgres"), 1)) {
            Jdbi.create(maintenance).useHandle(handle -> {
                if (count == 1) {
                    handle.execute("create database " + TEMPLATE);
                    Flyway.configure()
                            .dataSource(at(server, TEMPLATE).url(), server.username(), server.password())
                            .load()
                            .migrate();
                }
                handle.execute("create database " + name + " template " + TEMPLATE);
            });
        }
        return new ControlPlaneDatabase(at(server, name));
    }

    public Jdbi jdbi() {
        return jdbi;
    }

    public Transactions transactions() {
        return transactions;
    }

    public PostgresServer.Credentials credentials() {
        return credentials;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        pool.close();
    }

    private static PostgresServer.Credentials at(PostgresServer.Credentials server, String database) {
        String url = server.url().replaceAll("/[^/]*$", "/" + database);
        return new PostgresServer.Credentials(url, server.username(), server.password());
    }

    private static AgroalDataSource pool(PostgresServer.Credentials credentials, int size) {
        try {
            return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                    .connectionPoolConfiguration(connections -> connections
                            .maxSize(size)
                            .acquisitionTimeout(Duration.ofSeconds(30))
                            .connectionFactoryConfiguration(factory -> factory.jdbcUrl(credentials.url())
                                    .principal(new NamePrincipal(credentials.username()))
                                    .credential(new SimplePassword(credentials.password())))));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Started on first use; stopped and deleted when the JVM ends. */
    private static final class Server {
        static final PostgresServer STARTED = start();

        private static PostgresServer start() {
            try {
                Path home = Files.createTempDirectory("fairlead-test-postgres");
                PostgresServer server = PostgresServer.start(home, Main.binariesCache());
                Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
                    server.close();
                    delete(home);
                }));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void delete(Path folder) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
