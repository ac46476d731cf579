package dev.fairlead.control.web;

import dev.fairlead.control.agent.Agent;
import dev.fairlead.control.agent.Fleet;
import dev.fairlead.control.agent.Machine;
import dev.fairlead.control.agent.RuntimeInfo;

/** Agents as the dashboard shows them. */
final class AgentViews {
    private AgentViews() {}

    static Views.AgentRow row(Agent agent) {
        Machine machine = agent.machine();
        return new Views.AgentRow(
                agent.name().value(),
                agent.pool(),
                Format.badge(agent.state()),
                agent.reason() == null
                        ? Fleet.reason(agent).map(Format::reason).orElse("")
                        : Format.reason(agent.reason()),
                (machine.os() + " " + machine.osVersion() + " " + machine.arch()).strip(),
                machine.devices().stream()
                        .map(device -> "%s %s, %s"
                                .formatted(
                                        device.accelerator().title(),
                                        device.product(),
                                        Format.bytes(device.budgetBytes())))
                        .toList(),
                machine.runtimes().stream().map(AgentViews::runtime).toList(),
                machine.standIn() ? "stand-in" + (machine.note().isEmpty() ? "" : ": " + machine.note()) : "",
                Format.time(agent.lastSeenAt()));
    }

    private static String runtime(RuntimeInfo runtime) {
        return "%s %s (%s%s)"
                .formatted(
                        runtime.runtime().title(),
                        runtime.version(),
                        runtime.provider(),
                        runtime.standIn() ? ", stand-in" : "");
    }
}
