package dev.fairlead.control.promotion;

import dev.fairlead.control.agent.Agent;
import dev.fairlead.control.agent.AgentState;
import dev.fairlead.control.agent.Device;
import dev.fairlead.control.agent.Machine;
import dev.fairlead.control.agent.RuntimeInfo;
import dev.fairlead.control.error.Reason;
import dev.fairlead.parity.certificate.Keys;
import dev.fairlead.parity.certificate.Side;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Compares what a certificate holds for with what the agents of a pool are now. */
final class Staleness {
    static final String CODE = "ParityStale";

    // The others run nothing that is deployed.
    private static final Set<AgentState> SERVING = EnumSet.of(AgentState.READY, AgentState.UNREACHABLE);

    private Staleness() {}

    /** The first agent of the pool on which no device and runtime is as certified; empty where all have one. */
    static Optional<Reason> of(Keys certified, String pool, List<Agent> agents) {
        return agents.stream()
                .filter(agent -> agent.pool().equals(pool) && SERVING.contains(agent.state()))
                .flatMap(
                        agent -> nearest(certified, sides(agent.machine())).map(found -> reason(agent, found)).stream())
                .findFirst();
    }

    /** The differences of the side that has the fewest; empty where one has none, or nothing is known. */
    private static Optional<Keys.Difference> nearest(Keys certified, List<Side> sides) {
        return sides.stream()
                .map(side -> certified.differences(certified.withCandidate(side)))
                .min(Comparator.comparingInt(List::size))
                .flatMap(found -> found.stream().findFirst());
    }

    // As agents write fingerprints.
    private static List<Side> sides(Machine machine) {
        List<Side> sides = new ArrayList<>();
        for (Device device : machine.devices()) {
            for (RuntimeInfo runtime : machine.runtimes()) {
                sides.add(new Side(
                        device.product(),
                        (machine.os() + " " + machine.osVersion()).strip(),
                        device.driver(),
                        runtime.runtime().name().toLowerCase(Locale.ROOT),
                        runtime.version(),
                        runtime.provider(),
                        runtime.precisionSettings(),
                        runtime.standIn() || machine.standIn()));
            }
        }
        return sides;
    }

    private static Reason reason(Agent agent, Keys.Difference found) {
        return new Reason(
                CODE,
                "agent %s: %s was '%s' when parity was certified and is '%s' now"
                        .formatted(agent.name(), found.key(), found.before(), found.now()));
    }
}
