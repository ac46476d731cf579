package dev.fairlead.agent.cuda.canary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CanaryRunTest {
    @Test
    void computesInAChildJvm() throws Exception {
        assertThat(CanaryRun.run("cpu")).isInstanceOf(CanaryRun.Outcome.Works.class);
    }

    @Test
    void saysWhatTheSessionSaid() {
        assertThat(CanaryRun.read(1, "Error code - ORT_EP_FAIL - message: no CUDA\n"))
                .isEqualTo(new CanaryRun.Outcome.Fails(
                        "the canary session ended with status 1: Error code - ORT_EP_FAIL - message: no CUDA"));
        assertThat(CanaryRun.read(134, ""))
                .isEqualTo(new CanaryRun.Outcome.Fails("the canary session ended with status 134"));
    }
}
