package dev.fairlead.control.wiring;

import dev.fairlead.control.agent.Fleet;
import dev.fairlead.control.agent.wire.Streams;
import dev.fairlead.control.artifact.Artifacts;
import dev.fairlead.control.event.Changes;
import dev.fairlead.control.event.Events;
import dev.fairlead.control.job.Attempts;
import dev.fairlead.control.job.Catalog;
import dev.fairlead.control.job.DurableJobs;
import dev.fairlead.control.job.JobNews;
import dev.fairlead.control.job.JobStore;
import dev.fairlead.control.job.Jobs;
import dev.fairlead.control.job.Leases;
import dev.fairlead.control.job.Logs;
import dev.fairlead.control.job.ModelCatalog;
import dev.fairlead.control.job.grpc.AgentStreams;
import dev.fairlead.control.job.grpc.Following;
import dev.fairlead.control.model.Models;
import dev.fairlead.control.schedule.Loop;
import dev.fairlead.control.schedule.Placing;
import dev.fairlead.control.tx.Transactions;
import dev.fairlead.control.tx.jdbc.AdvisoryLeadership;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;

/** Jobs, their scheduler and the agents' streams, put together. */
final class JobBeans {
    private static final long LARGEST_LOG = 64L << 20;

    private JobBeans() {}

    // Nothing else asks for the loop: it is here that it starts.
    static void start(@Observes StartupEvent event, Loop loop) {}

    @Produces
    @Singleton
    static Catalog catalog(Models models, Artifacts artifacts) {
        return new ModelCatalog(models, artifacts);
    }

    @Produces
    @Singleton
    static JobNews news(Transactions transactions, Events events, Changes changes) {
        return new JobNews(transactions, events, changes);
    }

    @Produces
    @Singleton
    static Attempts.Clockwork clockwork(InstantSource clock, SecureRandom random, Leases leases) {
        return new Attempts.Clockwork(clock, random, leases);
    }

    @Produces
    @Singleton
    static Attempts attempts(
            Transactions transactions, JobStore store, Catalog catalog, JobNews news, Attempts.Clockwork clockwork) {
        return new Attempts(transactions, store, catalog, news, clockwork);
    }

    @Produces
    @Singleton
    @Typed({DurableJobs.class, Jobs.class})
    static DurableJobs jobs(
            Transactions transactions,
            JobStore store,
            Catalog catalog,
            JobNews news,
            Attempts.Clockwork clockwork,
            Placing placing) {
        return new DurableJobs(transactions, store, catalog, news, clockwork, placing);
    }

    static void close(@Disposes DurableJobs jobs) {
        jobs.close();
    }

    @Produces
    @Singleton
    static Logs logs(Home home) {
        return new Logs(home.folder().resolve("logs"), LARGEST_LOG);
    }

    @Produces
    @Singleton
    static Following following(Jobs jobs, JobNews news, Logs logs) {
        return new Following(jobs, news, logs);
    }

    @Produces
    @Singleton
    static AgentStreams.Work work(JobStore store, JobNews news, Changes changes) {
        return new AgentStreams.Work(store, news, changes);
    }

    @Produces
    @Singleton
    @Typed({AgentStreams.class, Streams.class})
    static AgentStreams streams(Fleet fleet, Attempts attempts, AgentStreams.Work work, Logs logs, Leases leases) {
        return new AgentStreams(fleet, attempts, work, logs, leases);
    }

    static void close(@Disposes AgentStreams streams) {
        streams.close();
    }

    @Produces
    @Singleton
    static Placing placing(
            Fleet fleet, JobStore store, Catalog catalog, Attempts attempts, Changes changes, InstantSource clock) {
        return new Placing(fleet, store, catalog, attempts, changes, clock);
    }

    @Produces
    @Singleton
    static Loop loop(Jdbi jdbi, Placing placing, Loop.Sweeps sweeps, Changes changes, InstantSource clock) {
        return new Loop(new AdvisoryLeadership(jdbi, "fairlead-scheduler"), placing, sweeps, changes, clock);
    }

    @Produces
    @Singleton
    static Loop.Sweeps sweeps(Attempts attempts, Fleet fleet, Leases leases) {
        return new Loop.Sweeps(attempts, fleet, leases.lease());
    }

    static void close(@Disposes Loop loop) {
        loop.close();
    }
}
