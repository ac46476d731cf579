package dev.fairlead.bench.control;

import dev.fairlead.bench.Benchmark;
import dev.fairlead.bench.Scale;
import dev.fairlead.proto.v1.JobsGrpc;
import dev.fairlead.proto.v1.SubmitJobResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * No-op jobs per second from submit to completion, durable at each step, through gRPC, the scheduler and an agent's stream,
 * against the least that a queue in the same database has to do: rows inserted, claimed with {@code FOR UPDATE SKIP
 * LOCKED} and completed, a hundred to a commit, on one connection.
 */
public final class JobsPerSecond implements Benchmark {
    public static final String NAME = "jobs-per-second";

    private static final int BATCH = 100;
    // Jobs that are not completed yet: as many as the agent takes, so that each is placed as it arrives.
    private static final int IN_FLIGHT = 2048;
    private static final long PATIENCE_SECONDS = 120;

    private final int jobs;
    private final int warmUps;
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT);
    private final Semaphore completed = new Semaphore(0);
    private @Nullable ControlPlane controlPlane;
    private @Nullable InstantAgent agent;
    private @Nullable Connection database;

    /**
     * Twenty thousand jobs a measurement, after ten times as many: until then the compiler takes the larger part of one core. A hundred
     * in a quick run.
     */
    public JobsPerSecond(Scale scale) {
        jobs = scale.pick(20_000, 100);
        warmUps = scale.pick(10, 0);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String unit() {
        return "x rate of a bare batched SKIP LOCKED loop";
    }

    @Override
    public double target() {
        return 0.5;
    }

    @Override
    public Better better() {
        return Better.HIGHER;
    }

    @Override
    public String measure() {
        return "jobs/s";
    }

    @Override
    public void prepare() throws Exception {
        controlPlane = ControlPlane.start();
        agent = new InstantAgent(IN_FLIGHT, job -> {}, job -> {
            inFlight.release();
            completed.release();
        });
        agent.connect(controlPlane);
        database = controlPlane.database();
        database.setAutoCommit(false);
        try (Statement statement = database.createStatement()) {
            statement.execute("create schema bench");
            statement.execute("create table bench.queue (id bigint generated always as identity primary key,"
                    + " state text not null, spec bytea not null, agent text, done_at timestamptz)");
            statement.execute("create index queue_waiting on bench.queue (id) where state = 'SUBMITTED'");
        }
        database.commit();
        for (int i = 0; i < warmUps; i++) {
            var _ = subject();
        }
    }

    @Override
    public double subject() throws IOException, InterruptedException {
        if (controlPlane == null || agent == null) {
            throw new IllegalStateException("prepare() comes first");
        }
        var stub = JobsGrpc.newStub(controlPlane.channel()).withCallCredentials(controlPlane.admin());
        AtomicReference<Throwable> refused = new AtomicReference<>();
        long start = System.nanoTime();
        for (int i = 0; i < jobs; i++) {
            if (!inFlight.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("jobs: none completed within " + PATIENCE_SECONDS + " s", refused.get());
            }
            stub.submit(NoOp.request(), new Submitted(refused));
        }
        boolean all = completed.tryAcquire(jobs, PATIENCE_SECONDS, TimeUnit.SECONDS);
        double seconds = (System.nanoTime() - start) / 1e9;
        agent.check();
        if (!all) {
            throw new IOException(
                    "jobs: not all of " + jobs + " completed within " + PATIENCE_SECONDS + " s", refused.get());
        }
        return jobs / seconds;
    }

    @Override
    public double baseline() throws SQLException {
        if (database == null) {
            throw new IllegalStateException("prepare() comes first");
        }
        long start = System.nanoTime();
        insert(database);
        int done = 0;
        while (done < jobs) {
            done += claimAndComplete(database);
        }
        return jobs / ((System.nanoTime() - start) / 1e9);
    }

    @Override
    public void close() throws IOException {
        if (agent != null) {
            agent.close();
        }
        // The connection to the database ends with the database.
        if (controlPlane != null) {
            controlPlane.close();
        }
    }

    private void insert(Connection connection) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into bench.queue (state, spec) values ('SUBMITTED', ?)")) {
            for (int i = 1; i <= jobs; i++) {
                insert.setBytes(1, NoOp.SPEC.toByteArray());
                insert.addBatch();
                if (i % BATCH == 0 || i == jobs) {
                    insert.executeBatch();
                    connection.commit();
                }
            }
        }
    }

    private static int claimAndComplete(Connection connection) throws SQLException {
        Long[] ids = new Long[BATCH];
        int claimed = 0;
        try (PreparedStatement claim = connection.prepareStatement("""
                update bench.queue set state = 'PLACED', agent = 'bench'
                where id in (select id from bench.queue where state = 'SUBMITTED' order by id
                             limit ? for update skip locked)
                returning id
                """)) {
            claim.setInt(1, BATCH);
            try (ResultSet rows = claim.executeQuery()) {
                while (rows.next()) {
                    ids[claimed++] = rows.getLong(1);
                }
            }
        }
        connection.commit();
        try (PreparedStatement complete = connection.prepareStatement(
                "update bench.queue set state = 'SUCCEEDED', done_at = now() where id = any (?)")) {
            complete.setArray(1, connection.createArrayOf("bigint", java.util.Arrays.copyOf(ids, claimed)));
            int updated = complete.executeUpdate();
            if (updated != claimed) {
                throw new IllegalStateException("completed: " + updated + " of " + claimed + " rows");
            }
        }
        connection.commit();
        return claimed;
    }

    private record Submitted(AtomicReference<Throwable> refused) implements StreamObserver<SubmitJobResponse> {
        @Override
        public void onNext(SubmitJobResponse response) {
            // The job counts when it has completed.
        }

        @Override
        public void onError(Throwable problem) {
            refused.compareAndSet(null, problem);
        }

        @Override
        public void onCompleted() {
            // The answer has arrived.
        }
    }
}
