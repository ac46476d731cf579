package dev.fairlead.control.job.grpc;

import dev.fairlead.control.agent.Fleet;
import dev.fairlead.control.agent.Sighting;
import dev.fairlead.control.job.Attempts;
import dev.fairlead.control.job.Attempts.Told;
import dev.fairlead.control.job.JobStore;
import dev.fairlead.control.job.Leases;
import dev.fairlead.control.job.Logs;
import dev.fairlead.control.job.Verdict;
import dev.fairlead.control.tx.GroupCommit;

/**
 * What all streams share. Reports and heartbeats of all agents go through one group commit each, so that ten thousand agents
 * do not make ten thousand transactions.
 */
record Desk(
        Fleet fleet,
        Attempts attempts,
        JobStore store,
        Logs logs,
        Leases leases,
        GroupCommit<Told, Verdict> reports,
        GroupCommit<Sighting, Boolean> sightings)
        implements AutoCloseable {
    private static final int BATCH = 512;

    static Desk open(Fleet fleet, Attempts attempts, JobStore store, Logs logs, Leases leases) {
        return new Desk(
                fleet,
                attempts,
                store,
                logs,
                leases,
                new GroupCommit<>("job-reports", BATCH, attempts::report),
                new GroupCommit<>("agent-heartbeats", BATCH, seen -> {
                    fleet.seen(seen);
                    return seen.stream().map(one -> true).toList();
                }));
    }

    @Override
    public void close() {
        reports.close();
        sightings.close();
    }
}
