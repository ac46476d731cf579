package dev.fairlead.control.wiring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real PostgreSQL in a child process: durable, on loopback with a password, its data in one folder that outlives this
 * process. The caller guards the folder against a second owner (see {@link HomeLock}).
 */
public final class PostgresServer implements AutoCloseable {
    private static final String USER = "fairlead";
    private static final String DATABASE = "fairlead";
    private static final int START_ATTEMPTS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path binaries;
    private final Path data;
    private final Path log;
    private final Credentials credentials;

    private PostgresServer(Path binaries, Path data, Path log, Credentials credentials) {
        this.binaries = binaries;
        this.data = data;
        this.log = log;
        this.credentials = credentials;
    }

    /** How to reach the database. */
    public record Credentials(String url, String username, String password) {
        @Override
        public String toString() {
            return "Credentials[" + url + ", " + username + "]";
        }
    }

    /**
     * Starts the server whose data are in {@code home/postgres}, making them first where there are none. A server left over
     * from a process that was killed is stopped before.
     *
     * @throws IllegalStateException when the data belong to another major version or the server does not start
     */
    public static PostgresServer start(Path home, Path cache) {
        Path data = home.resolve("postgres");
        Path log = home.resolve("postgres.log");
        checkVersion(data);
        Path binaries = PostgresBinaries.unpacked(cache);
        String password = PrivateFiles.secret(home.resolve("postgres.password"));
        if (!Files.exists(data)) {
            initialise(binaries, home, data);
        } else {
            stopOrphan(binaries, data);
        }
        for (int attempt = 1; ; attempt++) {
            int port = freePort();
            Outcome outcome = launch(binaries, data, log, port);
            if (outcome.ok()) {
                String url = "jdbc:postgresql://127.0.0.1:" + port + "/";
                createDatabase(new Credentials(url + "postgres", USER, password));
                return new PostgresServer(binaries, data, log, new Credentials(url + DATABASE, USER, password));
            }
            if (attempt == START_ATTEMPTS) {
                throw new IllegalStateException(
                        "PostgreSQL did not start: " + outcome.output().strip() + "; see " + log);
            }
        }
    }

    public Credentials credentials() {
        return credentials;
    }

    /** Stops the server after its sessions are ended and everything is written. */
    @Override
    public void close() {
        stop(binaries, data);
    }

    @Override
    public String toString() {
        return "PostgreSQL in " + data + ", log " + log;
    }

    private static void checkVersion(Path data) {
        Path file = data.resolve("PG_VERSION");
        if (!Files.exists(data)) {
            return;
        }
        String found = Files.exists(file) ? PrivateFiles.read(file) : "no version";
        if (!found.equals(PostgresBinaries.MAJOR)) {
            throw new IllegalStateException(data + " holds data of PostgreSQL " + found + " and this service brings "
                    + PostgresBinaries.MAJOR + ": dump them with the older release and restore, or set"
                    + " fairlead.database.url");
        }
    }

    private static void initialise(Path binaries, Path home, Path data) {
        // A folder beside and one rename: a start that is killed here leaves nothing that looks like data.
        Path fresh = home.resolve("postgres.new");
        deleteTree(fresh);
        Outcome outcome = execute(List.of(
                binaries.resolve("bin/initdb").toString(),
                "--pgdata=" + fresh,
                "--username=" + USER,
                "--pwfile=" + home.resolve("postgres.password"),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--no-locale"));
        if (!outcome.ok()) {
            throw new IllegalStateException("initdb failed: " + outcome.output().strip());
        }
        try {
            Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot put the new database in place: " + data, e);
        }
    }

    private static Outcome launch(Path binaries, Path data, Path log, int port) {
        String options = Stream.of(
                        "listen_addresses=127.0.0.1",
                        "port=" + port,
                        "unix_socket_directories=",
                        "fsync=on",
                        "synchronous_commit=on",
                        "full_page_writes=on",
                        "shared_buffers=48MB",
                        "max_connections=30",
                        "io_method=sync",
                        "max_parallel_workers=0",
                        "max_wal_senders=0",
                        "autovacuum_naptime=5s",
                        "wal_level=minimal",
                        "timezone=UTC",
                        "jit=off")
                .map(setting -> "-c " + setting)
                .reduce("", (a, b) -> a + " " + b);
        return execute(List.of(
                binaries.resolve("bin/pg_ctl").toString(),
                "start",
                "--wait",
                "--timeout=" + PATIENCE.toSeconds(),
                "--pgdata=" + data,
                "--log=" + log,
                "--options=" + options));
    }

    private static void stopOrphan(Path binaries, Path data) {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        // The number may belong to another program by now: only a postgres is stopped.
        Optional<String> command = PrivateFiles.read(pidFile)
                .lines()
                .findFirst()
                .map(String::strip)
                .filter(pid -> pid.matches("[0-9]{1,10}"))
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)))
                .flatMap(process -> process.info().command());
        if (command.filter(path -> path.endsWith("/postgres")).isPresent()) {
            stop(binaries, data);
        }
    }

    private static void stop(Path binaries, Path data) {
        for (String mode : List.of("fast", "immediate")) {
            Outcome outcome = execute(List.of(
                    binaries.resolve("bin/pg_ctl").toString(),
                    "stop",
                    "--wait",
                    "--timeout=20",
                    "--mode=" + mode,
                    "--pgdata=" + data));
            if (outcome.ok() || !Files.exists(data.resolve("postmaster.pid"))) {
                return;
            }
        }
    }

    private static void createDatabase(Credentials maintenance) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(maintenance.url());
        source.setUser(maintenance.username());
        source.setPassword(maintenance.password());
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            boolean there;
            try (ResultSet found =
                    statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
                there = found.next();
            }
            if (!there) {
                statement.execute("create database " + DATABASE);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create the database '" + DATABASE + "': " + e.getMessage(), e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on loopback", e);
        }
    }

    private record Outcome(int status, String output) {
        boolean ok() {
            return status == 0;
        }
    }

    private static Outcome execute(List<String> command) {
        List<String> whole = new ArrayList<>();
        if (isRoot()) {
            // PostgreSQL refuses to run as root; in a user namespace of its own it is nobody and still owns its files.
            whole.addAll(List.of("unshare", "-U"));
        }
        whole.addAll(command);
        try {
            // A file and not a pipe: the server would inherit the pipe and keep it open.
            Path output = Files.createTempFile("fairlead-postgres", ".out");
            try {
                Process process = new ProcessBuilder(whole)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                process.getOutputStream().close();
                if (!process.waitFor(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    return new Outcome(-1, command.getFirst() + " did not end within " + PATIENCE.multipliedBy(2));
                }
                return new Outcome(process.exitValue(), Files.readString(output));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command.getFirst(), e);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root")
                && System.getProperty("os.name").equals("Linux");
    }

    private static void deleteTree(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }
}
