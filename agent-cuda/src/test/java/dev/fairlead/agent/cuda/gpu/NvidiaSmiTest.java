package dev.fairlead.agent.cuda.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.agent.machine.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class NvidiaSmiTest {
    @Test
    void readsEachGpu() throws IOException {
        List<Gpu> gpus;
        try (var source = Objects.requireNonNull(getClass().getResourceAsStream("nvidia-smi.csv"))) {
            gpus = NvidiaSmi.parse(new String(source.readAllBytes(), StandardCharsets.UTF_8));
        }

        assertThat(gpus)
                .extracting(Gpu::name)
                .containsExactly("NVIDIA H100 80GB HBM3", "NVIDIA A100-SXM4-40GB", "NVIDIA GeForce RTX 4090");
        assertThat(gpus).extracting(Gpu::mig).containsExactly(false, true, false);
        assertThat(gpus.getFirst().total()).isEqualTo(new Bytes(81559L << 20));
        assertThat(gpus.getFirst().free()).isEqualTo(new Bytes(80994L << 20));
        assertThat(gpus.getFirst().driver()).isEqualTo("550.54.15");
    }

    @Test
    void leavesOutWhatIsNoGpu() {
        assertThat(NvidiaSmi.parse("No devices were found\n")).isEmpty();
        assertThat(NvidiaSmi.parse("")).isEmpty();
    }

    @Test
    void saysWhyThereIsNone() {
        // Holds on a machine without a driver; on one with a GPU the survey finds it instead.
        switch (GpuSurvey.take()) {
            case GpuSurvey.Found(List<Gpu> gpus) -> assertThat(gpus).isNotEmpty();
            case GpuSurvey.None(String why) -> assertThat(why).contains("nvidia");
        }
    }
}
