package dev.fairlead.control.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.control.agent.Accelerator;
import dev.fairlead.control.agent.Admission;
import dev.fairlead.control.agent.Agent;
import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.agent.Device;
import dev.fairlead.control.agent.Link;
import dev.fairlead.control.agent.Machine;
import dev.fairlead.control.agent.RuntimeInfo;
import dev.fairlead.control.agent.RuntimeKind;
import dev.fairlead.parity.certificate.Keys;
import dev.fairlead.parity.certificate.Side;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StalenessTest {
    private static final Side CERTIFIED = new Side(
            "NVIDIA H100",
            "Ubuntu 24.04",
            "580.95",
            "onnxruntime",
            "1.23.2",
            "CUDAExecutionProvider",
            Map.of("use_tf32", "0"),
            false);
    private static final Keys KEYS = new Keys("a", "b", "c", "", "float32", CERTIFIED, CERTIFIED);

    @Test
    void holdsWhereEachAgentHasWhatWasCertified() {
        assertThat(Staleness.of(KEYS, "cuda", List.of(agent("a", "cuda", "580.95"), agent("b", "cuda", "580.95"))))
                .isEmpty();
    }

    @Test
    void namesTheAgentTheKeyAndBothValues() {
        assertThat(Staleness.of(KEYS, "cuda", List.of(agent("a", "cuda", "580.95"), agent("b", "cuda", "590.01")))
                        .orElseThrow()
                        .toString())
                .contains(
                        "ParityStale",
                        "agent b: candidate.driver was '580.95' when parity was certified and is '590.01' now");
    }

    @Test
    void looksAtThePoolAlone() {
        assertThat(Staleness.of(KEYS, "cuda", List.of(agent("a", "other", "590.01"))))
                .isEmpty();
    }

    private static Agent agent(String name, String pool, String driver) {
        Machine machine = new Machine(
                "Ubuntu",
                "24.04",
                "amd64",
                name,
                "",
                16,
                1,
                List.of(
                        new Device("cpu:0", Accelerator.CPU, "Xeon", 1, 1, ""),
                        new Device("cuda:0", Accelerator.CUDA, "NVIDIA H100", 1, 1, driver)),
                List.of(new RuntimeInfo(
                        RuntimeKind.ONNXRUNTIME,
                        "1.23.2",
                        List.of(),
                        List.of(Accelerator.CUDA),
                        "CUDAExecutionProvider",
                        Map.of("use_tf32", "0"),
                        false)),
                "1",
                "",
                false,
                "",
                1);
        return new Agent(
                new AgentName(name),
                pool,
                Admission.ADMITTED,
                Link.CONNECTED,
                null,
                machine,
                Map.of(),
                PromotionWorld.NOW,
                PromotionWorld.NOW);
    }
}
