package dev.fairlead.control.wiring;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts the control plane: takes the home folder, starts the database unless an external one is configured, then Quarkus. */
@QuarkusMain
public final class Main {
    private static final long STOP_SECONDS = 30;

    private Main() {}

    /** Ends with status 1 and one sentence where the home folder or the database cannot be had. */
    public static void main(String... args) {
        String traces = System.getenv("OTEL_EXPORTER_OTLP_ENDPOINT");
        System.setProperty("fairlead.otel.disabled", Boolean.toString(traces == null || traces.isBlank()));
        Home home = Home.configured();
        CountDownLatch stopped = new CountDownLatch(1);
        try {
            home.create();
            HomeLock lock = HomeLock.take(home.folder());
            home.forgetEndpoint();
            PostgresServer database = database(home);
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform()
                            .name("fairlead-database-stop")
                            .unstarted(() -> stop(stopped, database, lock)));
        } catch (RuntimeException e) {
            System.err.println("fairlead control plane: " + e.getMessage());
            System.exit(1);
        }
        Quarkus.run(
                ControlPlane.class,
                (status, failure) -> {
                    stopped.countDown();
                    if (failure != null) {
                        System.err.println("fairlead control plane: " + rootMessage(failure));
                    }
                    System.exit(status);
                },
                args);
    }

    private static @Nullable PostgresServer database(Home home) {
        if (Home.setting("fairlead.database.url", "FAIRLEAD_DATABASE_URL") != null) {
            return null;
        }
        PostgresServer server = PostgresServer.start(home.folder(), binariesCache());
        PostgresServer.Credentials credentials = server.credentials();
        System.setProperty("fairlead.database.url", credentials.url());
        System.setProperty("fairlead.database.username", credentials.username());
        System.setProperty("fairlead.database.password", credentials.password());
        // Neither value can hold a character that JSON escapes.
        PrivateFiles.write(
                home.postgresJson(), """
                {"url": "%s", "username": "%s", "password": "%s"}
                """.formatted(credentials.url(), credentials.username(), credentials.password()));
        return server;
    }

    /** Shared by every home of this user: unpacking takes seconds. */
    static Path binariesCache() {
        String set = Home.setting("fairlead.postgres.cache", "FAIRLEAD_POSTGRES_CACHE");
        return set == null ? Path.of(System.getProperty("user.home"), ".cache", "fairlead") : Path.of(set);
    }

    private static void stop(CountDownLatch stopped, @Nullable PostgresServer database, HomeLock lock) {
        try {
            // The service writes until it has stopped; a service that hangs must not keep the database from a clean
            // end.
            boolean clean = stopped.await(STOP_SECONDS, TimeUnit.SECONDS);
            if (!clean) {
                System.err.println("fairlead control plane: the service did not stop in " + STOP_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (database != null) {
            database.close();
        }
        lock.close();
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString();
    }
}
