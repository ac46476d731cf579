package dev.fairlead.control.wiring;

import dev.fairlead.control.access.AgentKeys;
import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.agent.AgentStore;
import dev.fairlead.control.agent.Enrolment;
import dev.fairlead.control.agent.Fleet;
import dev.fairlead.control.event.Changes;
import dev.fairlead.control.job.Leases;
import dev.fairlead.control.tx.Transactions;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The fleet and its terms. */
final class FleetBeans {
    private FleetBeans() {}

    @Produces
    @Singleton
    static Leases leases(
            @ConfigProperty(name = "fairlead.agents.heartbeat", defaultValue = "2s") Duration heartbeat,
            @ConfigProperty(name = "fairlead.agents.lease", defaultValue = "10s") Duration lease) {
        return new Leases(heartbeat, lease);
    }

    @Produces
    @Singleton
    static Fleet fleet(
            Transactions transactions,
            AgentStore store,
            Changes changes,
            InstantSource clock,
            Fleet.Patience patience) {
        return new Fleet(transactions, store, changes, clock, patience);
    }

    @Produces
    @Singleton
    static Fleet.Patience patience(
            Leases leases, @ConfigProperty(name = "fairlead.agents.grace", defaultValue = "30s") Duration grace) {
        return new Fleet.Patience(leases.lease(), grace);
    }

    @Produces
    @Singleton
    static Enrolment.Terms terms(
            SecureRandom random,
            @ConfigProperty(name = "fairlead.agents.approval-pools") Optional<List<String>> approvalPools) {
        return new Enrolment.Terms(random, Set.copyOf(approvalPools.orElse(List.of())));
    }

    @Produces
    @Singleton
    static Enrolment enrolment(
            Transactions transactions, AgentStore store, Changes changes, InstantSource clock, Enrolment.Terms terms) {
        return new Enrolment(transactions, store, changes, clock, terms);
    }

    @Produces
    @Singleton
    static AgentKeys keys(Enrolment enrolment) {
        return name -> enrolment.publicKey(new AgentName(name));
    }
}
