package dev.fairlead.bench.control;

import dev.fairlead.bench.Benchmark;
import dev.fairlead.bench.Scale;
import dev.fairlead.proto.v1.JobsGrpc;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * From the call of Submit to the arrival of the assignment at an idle agent, median, against one durable commit of one row
 * in the same database, median.
 */
public final class SubmitToStart implements Benchmark {
    public static final String NAME = "submit-to-start";

    private static final long PATIENCE_SECONDS = 30;

    private final int tries;
    private final int warmUps;
    private final Semaphore completed = new Semaphore(0);
    private final AtomicLong arrived = new AtomicLong();
    private @Nullable ControlPlane controlPlane;
    private @Nullable InstantAgent agent;
    private @Nullable Connection database;

    /** 1,001 jobs a measurement, after ten times as many, so that what runs is compiled; 11 in a quick run. */
    public SubmitToStart(Scale scale) {
        tries = scale.pick(1001, 11);
        warmUps = scale.pick(10, 0);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String unit() {
        return "x time of one commit, lower is better";
    }

    @Override
    public double target() {
        return 5;
    }

    @Override
    public Better better() {
        return Better.LOWER;
    }

    @Override
    public String measure() {
        return "ms";
    }

    @Override
    public void prepare() throws Exception {
        controlPlane = ControlPlane.start();
        agent = new InstantAgent(1, job -> arrived.set(System.nanoTime()), job -> completed.release());
        agent.connect(controlPlane);
        database = controlPlane.database();
        try (Statement statement = database.createStatement()) {
            statement.execute("create schema bench");
            statement.execute("create table bench.commit (id bigint generated always as identity primary key,"
                    + " spec bytea not null)");
        }
        for (int i = 0; i < warmUps; i++) {
            var _ = subject();
        }
    }

    @Override
    public double subject() throws IOException, InterruptedException {
        if (controlPlane == null || agent == null) {
            throw new IllegalStateException("prepare() comes first");
        }
        var stub = JobsGrpc.newBlockingStub(controlPlane.channel()).withCallCredentials(controlPlane.admin());
        double[] milliseconds = new double[tries];
        for (int i = 0; i < tries; i++) {
            long start = System.nanoTime();
            var submitted = stub.submit(NoOp.request());
            if (!submitted.getCreated() || !completed.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                agent.check();
                throw new IOException(
                        "job: " + submitted.getJob().getId() + " did not complete within " + PATIENCE_SECONDS + " s");
            }
            milliseconds[i] = (arrived.get() - start) / 1e6;
        }
        return median(milliseconds);
    }

    @Override
    public double baseline() throws SQLException {
        if (database == null) {
            throw new IllegalStateException("prepare() comes first");
        }
        double[] milliseconds = new double[tries];
        try (PreparedStatement insert = database.prepareStatement("insert into bench.commit (spec) values (?)")) {
            for (int i = 0; i < tries; i++) {
                insert.setBytes(1, NoOp.SPEC.toByteArray());
                long start = System.nanoTime();
                insert.executeUpdate();
                milliseconds[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        return median(milliseconds);
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

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
