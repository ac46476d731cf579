package dev.fairlead.control.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.control.agent.Accelerator;
import dev.fairlead.control.agent.Admission;
import dev.fairlead.control.agent.Agent;
import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.agent.Device;
import dev.fairlead.control.agent.Link;
import dev.fairlead.control.agent.Machine;
import dev.fairlead.control.agent.ModelLayout;
import dev.fairlead.control.agent.RuntimeInfo;
import dev.fairlead.control.agent.RuntimeKind;
import dev.fairlead.control.job.Candidate;
import dev.fairlead.control.job.JobFixture;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.job.JobInput;
import dev.fairlead.control.job.JobSpec;
import dev.fairlead.control.job.JobStore.Holding;
import dev.fairlead.control.job.Plan;
import dev.fairlead.control.job.Resources;
import dev.fairlead.control.model.ModelFormat;
import dev.fairlead.control.schedule.Snapshot.TreeAt;
import dev.fairlead.control.schedule.Snapshot.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final long GIB = 1L << 30;
    private static final Instant NOW = JobFixture.START;

    private static Agent agent(String name, String pool, Accelerator accelerator, long budgetGib) {
        return agent(name, pool, accelerator, budgetGib, 2, Admission.ADMITTED, Link.CONNECTED);
    }

    private static Agent agent(
            String name,
            String pool,
            Accelerator accelerator,
            long budgetGib,
            int slots,
            Admission admission,
            Link link) {
        RuntimeKind runtime = accelerator == Accelerator.METAL ? RuntimeKind.MLX : RuntimeKind.ONNXRUNTIME;
        ModelLayout layout = accelerator == Accelerator.METAL ? ModelLayout.MLX : ModelLayout.ONNX;
        Machine machine = new Machine(
                "macos",
                "26",
                "arm64",
                name,
                "test",
                8,
                64 * GIB,
                List.of(new Device("dev:0", accelerator, "test", budgetGib * GIB, budgetGib * GIB, "")),
                List.of(new RuntimeInfo(runtime, "1", List.of(layout), List.of(accelerator), "test", Map.of(), false)),
                "0.1",
                "ac",
                false,
                "",
                slots);
        return new Agent(new AgentName(name), pool, admission, link, null, machine, Map.of(), NOW, NOW);
    }

    private static JobSpec needing(Resources resources) {
        return JobFixture.train("digits").with(resources);
    }

    private static Resources memory(long bytes, Accelerator... anyOf) {
        return new Resources(List.of(anyOf), bytes, null, null, "", "");
    }

    private static List<Decision> decide(List<Agent> agents, List<Holding> held, JobSpec... specs) {
        List<Waiting> queue = new ArrayList<>();
        Random random = new Random(1);
        for (JobSpec spec : specs) {
            queue.add(new Waiting(JobId.next(NOW, random), spec));
        }
        return Scheduler.decide(new Snapshot(agents, held, queue, Map.of()));
    }

    private static String reason(Decision decision) {
        return switch (decision) {
            case Decision.Wait wait ->
                wait.reason().code() + ": " + wait.reason().sentence();
            case Decision.Assign assign -> "goes to " + assign.agent();
        };
    }

    @Test
    void saysHowMuchMemoryIsLacking() {
        List<Decision> decisions = decide(
                List.of(agent("mbp-7", "mac", Accelerator.METAL, 16), agent("mbp-8", "mac", Accelerator.METAL, 8)),
                List.of(),
                needing(memory(18 * GIB + GIB / 5, Accelerator.METAL)));

        assertThat(reason(decisions.getFirst()))
                .isEqualTo("InsufficientMemory: needs 18.2 GiB; largest free Metal budget is 16.0 GiB on mbp-7");
    }

    @Test
    void countsWhatIsPlacedAgainstTheBudget() {
        Agent agent = agent("mbp-7", "mac", Accelerator.METAL, 16);
        List<Holding> held = List.of(new Holding(agent.name(), "dev:0", 1, 10 * GIB));

        assertThat(reason(decide(List.of(agent), held, needing(memory(8 * GIB))).getFirst()))
                .isEqualTo("InsufficientMemory: needs 8.0 GiB; largest free budget is 6.0 GiB on mbp-7");
        assertThat(reason(decide(List.of(agent), held, needing(memory(6 * GIB))).getFirst()))
                .isEqualTo("goes to mbp-7");
    }

    @Test
    void fillsSlotsAndThenSaysThatAllAreTaken() {
        List<Decision> decisions = decide(
                List.of(agent("mbp-7", "mac", Accelerator.METAL, 16)),
                List.of(),
                needing(Resources.ANY),
                needing(Resources.ANY),
                needing(Resources.ANY));

        assertThat(decisions.stream().map(SchedulerTest::reason))
                .containsExactly(
                        "goes to mbp-7",
                        "goes to mbp-7",
                        "AllBusy: all 2 slots of 1 agent that could run it are taken");
    }

    @Test
    void spreadsOverIdleAgents() {
        List<Decision> decisions = decide(
                List.of(agent("mbp-7", "mac", Accelerator.METAL, 16), agent("mbp-8", "mac", Accelerator.METAL, 16)),
                List.of(),
                needing(Resources.ANY),
                needing(Resources.ANY));

        assertThat(decisions.stream().map(SchedulerTest::reason)).containsExactly("goes to mbp-7", "goes to mbp-8");
    }

    @Test
    void prefersTheAcceleratorThatIsNamedFirst() {
        List<Agent> agents =
                List.of(agent("gpu-1", "cuda", Accelerator.CUDA, 80), agent("mbp-7", "mac", Accelerator.METAL, 16));

        assertThat(reason(decide(agents, List.of(), needing(memory(0, Accelerator.METAL, Accelerator.CUDA)))
                        .getFirst()))
                .isEqualTo("goes to mbp-7");
        assertThat(reason(decide(agents, List.of(), needing(memory(0, Accelerator.CUDA, Accelerator.METAL)))
                        .getFirst()))
                .isEqualTo("goes to gpu-1");
    }

    @Test
    void prefersTheAgentThatHasTheInputs() {
        List<Agent> agents =
                List.of(agent("mbp-7", "mac", Accelerator.METAL, 16), agent("mbp-8", "mac", Accelerator.METAL, 16));
        String tree = JobFixture.TREE.toString();
        JobSpec spec = needing(Resources.ANY).withInputs(List.of(new JobInput("data", tree)));
        JobId id = JobId.next(NOW, new Random(1));
        Map<String, TreeAt> trees = Map.of(tree, new TreeAt(GIB, Set.of(new AgentName("mbp-8"))));

        assertThat(Scheduler.decide(new Snapshot(agents, List.of(), List.of(new Waiting(id, spec)), trees)))
                .containsExactly(new Decision.Assign(id, new AgentName("mbp-8"), "dev:0"));
    }

    @Test
    void namesWhatNoAgentHas() {
        List<Agent> agents = List.of(agent("mbp-7", "mac", Accelerator.METAL, 16));
        Resources onnx = new Resources(List.of(), 0, RuntimeKind.ONNXRUNTIME, null, "", "");
        Resources coreml = new Resources(List.of(), 0, RuntimeKind.MLX, ModelFormat.COREML, "", "");
        Resources pool = new Resources(List.of(), 0, null, null, "cuda", "");

        assertThat(reason(decide(agents, List.of(), needing(memory(0, Accelerator.CUDA)))
                        .getFirst()))
                .isEqualTo("NoAccelerator: agent mbp-7 has Metal, the job asks for CUDA");
        assertThat(reason(decide(agents, List.of(), needing(onnx)).getFirst()))
                .isEqualTo("NoRuntime: agent mbp-7 has MLX, the job asks for ONNX Runtime");
        assertThat(reason(decide(agents, List.of(), needing(coreml)).getFirst()))
                .isEqualTo("NoFormat: agent mbp-7 has MLX, which cannot load Core ML");
        assertThat(reason(decide(agents, List.of(), needing(pool)).getFirst()))
                .isEqualTo("NoAgent: no agent is in pool cuda");
        assertThat(reason(decide(List.of(), List.of(), needing(Resources.ANY)).getFirst()))
                .isEqualTo("NoAgent: no agent is enrolled");
    }

    @Test
    void givesNothingToAgentsThatAreNotReady() {
        Agent draining = agent("mbp-1", "mac", Accelerator.METAL, 16, 2, Admission.DRAINING, Link.CONNECTED);
        Agent pending = agent("mbp-2", "mac", Accelerator.METAL, 16, 2, Admission.PENDING, Link.CONNECTED);
        Agent offline = agent("mbp-3", "mac", Accelerator.METAL, 16, 2, Admission.ADMITTED, Link.OFFLINE);

        assertThat(reason(decide(List.of(draining), List.of(), needing(Resources.ANY))
                        .getFirst()))
                .isEqualTo("AgentDraining: agent mbp-1 finishes its work and takes no more");
        assertThat(reason(decide(List.of(pending), List.of(), needing(Resources.ANY))
                        .getFirst()))
                .isEqualTo("AgentPending: agent mbp-2 waits for approval");
        assertThat(reason(decide(List.of(offline), List.of(), needing(Resources.ANY))
                        .getFirst()))
                .isEqualTo("AgentOffline: agent mbp-3 is offline");
    }

    @Test
    void plansWithTheSameJudgement() {
        List<Agent> agents =
                List.of(agent("gpu-1", "cuda", Accelerator.CUDA, 80), agent("mbp-7", "mac", Accelerator.METAL, 16));
        Plan plan = Scheduler.plan(needing(memory(20 * GIB)), new Snapshot(agents, List.of(), List.of(), Map.of()));

        assertThat(plan.agent()).isEqualTo(new AgentName("gpu-1"));
        assertThat(plan.candidates()).extracting(Candidate::fits).containsExactly(true, false);
        assertThat(plan.candidates().getLast().reason().sentence())
                .isEqualTo("needs 20.0 GiB; free Metal budget is 16.0 GiB of 16.0 GiB");
    }
}
