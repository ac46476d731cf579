package dev.fairlead.control.schedule;

import dev.fairlead.control.agent.Accelerator;
import dev.fairlead.control.agent.Agent;
import dev.fairlead.control.agent.Device;
import dev.fairlead.control.agent.Fleet;
import dev.fairlead.control.agent.ModelLayout;
import dev.fairlead.control.agent.RuntimeInfo;
import dev.fairlead.control.agent.RuntimeKind;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.Candidate;
import dev.fairlead.control.job.Candidate.Fit;
import dev.fairlead.control.job.JobInput;
import dev.fairlead.control.job.JobSpec;
import dev.fairlead.control.job.Resources;
import dev.fairlead.control.job.Work;
import dev.fairlead.control.schedule.Snapshot.TreeAt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How well one job and one agent match. */
final class Matching {
    // A better accelerator outweighs all else, then real hardware, then bytes at hand, then an even load.
    private static final double RANK = 1000;
    private static final double REAL = 100;
    private static final double LOCAL = 50;
    private static final double IDLE = 10;

    private Matching() {}

    static Candidate match(JobSpec spec, Load load, Map<String, TreeAt> trees) {
        Resources needs = spec.resources();
        Agent agent = load.agent();
        if (!needs.agent().isEmpty() && !needs.agent().equals(agent.name().value())) {
            return excluded(load, Fit.ELSEWHERE, "WrongAgent", "the job asks for agent " + needs.agent());
        }
        if (!needs.pool().isEmpty() && !needs.pool().equals(agent.pool())) {
            return excluded(
                    load,
                    Fit.ELSEWHERE,
                    "WrongPool",
                    "is in pool " + agent.pool() + ", the job asks for " + needs.pool());
        }
        Optional<Reason> closed = Fleet.reason(agent);
        if (closed.isPresent()) {
            return new Candidate(agent, "", Fit.CLOSED, closed.get(), 0, 0, 0);
        }
        List<RuntimeInfo> runtimes = runtimes(needs, agent);
        @Nullable Reason lacks = lacksRuntime(needs, agent, runtimes);
        if (lacks != null) {
            return new Candidate(agent, "", Fit.INCAPABLE, lacks, 0, 0, 0);
        }
        List<Device> devices = devices(needs, agent, runtimes);
        if (devices.isEmpty()) {
            return excluded(
                    load,
                    Fit.INCAPABLE,
                    "NoAccelerator",
                    "has " + present(agent) + ", the job asks for " + asked(needs));
        }
        return onDevice(spec, load, devices, trees);
    }

    private static Candidate onDevice(JobSpec spec, Load load, List<Device> devices, Map<String, TreeAt> trees) {
        long need = spec.resources().memoryBytes();
        Device largest = devices.getFirst();
        Device chosen = null;
        for (Device device : devices) {
            long free = load.freeBytes(device);
            if (free > load.freeBytes(largest)) {
                largest = device;
            }
            if (chosen == null && (need == 0 || free >= need)) {
                chosen = device;
            }
        }
        long local = localBytes(spec, load, trees);
        if (chosen == null) {
            Reason reason = new Reason(
                    "InsufficientMemory",
                    "needs " + Bytes.text(need) + "; free "
                            + largest.accelerator().title() + " budget is " + Bytes.text(load.freeBytes(largest))
                            + " of " + Bytes.text(largest.budgetBytes()));
            return new Candidate(load.agent(), "", Fit.TOO_SMALL, reason, load.freeBytes(largest), local, 0);
        }
        long free = load.freeBytes(chosen);
        if (load.freeSlots() <= 0) {
            Reason reason = new Reason("AllBusy", "all " + load.slots() + " slots are taken");
            return new Candidate(load.agent(), "", Fit.BUSY, reason, free, local, 0);
        }
        double score = score(spec, load, chosen, local, trees);
        Reason reason = new Reason(
                "Fits",
                chosen.accelerator().title() + ", " + Bytes.text(free) + " free, " + load.freeSlots() + " of "
                        + load.slots() + " slots free, " + Bytes.text(local) + " of the inputs at hand");
        return new Candidate(load.agent(), chosen.id(), Fit.FITS, reason, free, local, score);
    }

    private static double score(JobSpec spec, Load load, Device device, long local, Map<String, TreeAt> trees) {
        List<Accelerator> anyOf = spec.resources().anyOf();
        int rank = Math.max(0, anyOf.indexOf(device.accelerator()));
        long total = inputs(spec).stream()
                .map(trees::get)
                .mapToLong(tree -> tree == null ? 0 : tree.bytes())
                .sum();
        return RANK * (anyOf.size() - rank)
                + (load.agent().machine().standIn() ? 0 : REAL)
                + (total == 0 ? 0 : LOCAL * local / total)
                + IDLE * (1 - load.share());
    }

    private static long localBytes(JobSpec spec, Load load, Map<String, TreeAt> trees) {
        long local = 0;
        for (String digest : inputs(spec)) {
            TreeAt tree = trees.get(digest);
            if (tree != null && tree.agents().contains(load.name())) {
                local += tree.bytes();
            }
        }
        return local;
    }

    /** The trees that an agent must have before a job starts. */
    static List<String> inputs(JobSpec spec) {
        List<String> digests = new ArrayList<>();
        if (spec.work() instanceof Work.Model(String ref)) {
            digests.add(ref);
        }
        spec.inputs().stream().map(JobInput::ref).forEach(digests::add);
        return digests;
    }

    private static List<RuntimeInfo> runtimes(Resources needs, Agent agent) {
        @Nullable ModelLayout layout = layout(needs);
        return agent.machine().runtimes().stream()
                .filter(runtime -> needs.runtime() == null || runtime.runtime() == needs.runtime())
                .filter(runtime -> layout == null || runtime.formats().contains(layout))
                .toList();
    }

    private static @Nullable Reason lacksRuntime(Resources needs, Agent agent, List<RuntimeInfo> matching) {
        ModelLayout layout = layout(needs);
        RuntimeKind runtime = needs.runtime();
        if (!matching.isEmpty() || (runtime == null && layout == null)) {
            return null;
        }
        String has = agent.machine().runtimes().isEmpty()
                ? "no runtime"
                : agent.machine().runtimes().stream()
                        .map(info -> info.runtime().title())
                        .distinct()
                        .collect(Collectors.joining(", "));
        boolean hasRuntime = agent.machine().runtimes().stream().anyMatch(info -> info.runtime() == runtime);
        if (runtime != null && !hasRuntime) {
            return new Reason("NoRuntime", "has " + has + ", the job asks for " + runtime.title());
        }
        return new Reason("NoFormat", "has " + has + ", which cannot load " + (layout == null ? "it" : layout.title()));
    }

    private static List<Device> devices(Resources needs, Agent agent, List<RuntimeInfo> runtimes) {
        boolean bound = needs.runtime() != null || needs.format() != null;
        List<Device> usable = agent.machine().devices().stream()
                .filter(device -> !bound
                        || runtimes.stream()
                                .anyMatch(runtime -> runtime.accelerators().contains(device.accelerator())))
                .toList();
        if (needs.anyOf().isEmpty()) {
            return usable;
        }
        List<Device> preferred = new ArrayList<>();
        for (Accelerator accelerator : needs.anyOf()) {
            usable.stream()
                    .filter(device -> device.accelerator() == accelerator)
                    .forEach(preferred::add);
        }
        return preferred;
    }

    private static @Nullable ModelLayout layout(Resources needs) {
        return needs.format() == null
                ? null
                : ModelLayout.valueOf(needs.format().name());
    }

    private static String asked(Resources needs) {
        String accelerators = needs.anyOf().stream().map(Accelerator::title).collect(Collectors.joining(" or "));
        RuntimeKind runtime = needs.runtime();
        String wanted = accelerators.isEmpty() ? "a device" : accelerators;
        return runtime == null ? wanted : wanted + " with " + runtime.title();
    }

    private static String present(Agent agent) {
        return agent.machine().devices().isEmpty()
                ? "no device"
                : agent.machine().devices().stream()
                        .map(device -> device.accelerator().title())
                        .distinct()
                        .collect(Collectors.joining(", "));
    }

    private static Candidate excluded(Load load, Fit fit, String code, String sentence) {
        return new Candidate(load.agent(), "", fit, new Reason(code, sentence), 0, 0, 0);
    }
}
