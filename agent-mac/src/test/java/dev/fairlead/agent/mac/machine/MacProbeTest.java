package dev.fairlead.agent.mac.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.agent.machine.Accelerator;
import dev.fairlead.agent.machine.Bytes;
import dev.fairlead.agent.machine.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MacProbeTest {
    private static final Bytes CPU_LIMIT = Bytes.parse("8GiB");

    private static String sample(String name) {
        try (var source = Objects.requireNonNull(MacProbeTest.class.getResourceAsStream(name), name)) {
            return new String(source.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Commands mac(String power) {
        Map<String, String> outputs = Map.of(
                "sysctl", sample("sysctl.txt"),
                "system_profiler", sample("system_profiler.json"),
                "sw_vers", sample("sw_vers.txt"),
                "pmset", sample(power),
                "memory_pressure", sample("memory_pressure.txt"));
        return command -> Optional.ofNullable(outputs.get(command.getFirst()));
    }

    private static MacProbe probe(Commands commands, Optional<Bytes> recommended, boolean metal) {
        return new MacProbe(commands, new MacProbe.Facts("mbp-7", recommended, metal, CPU_LIMIT, List.of()));
    }

    @Test
    void describesChipMemoryAndSystem() {
        Machine machine = probe(mac("pmset_ac.txt"), Optional.of(Bytes.parse("48GiB")), true)
                .describe();

        assertThat(machine.host().osVersion()).isEqualTo("15.3.1 (24D70)");
        assertThat(machine.host().cpu()).isEqualTo("Apple M3 Max");
        assertThat(machine.host().cores()).isEqualTo(16);
        assertThat(machine.host().memory()).isEqualTo(Bytes.parse("64GiB"));
        assertThat(machine.powerSource()).isEqualTo("ac");
        assertThat(machine.standIn()).isFalse();
        assertThat(machine.device("metal:0")).hasValueSatisfying(metal -> {
            assertThat(metal.accelerator()).isEqualTo(Accelerator.METAL);
            assertThat(metal.product()).isEqualTo("Apple M3 Max (40-core GPU)");
            assertThat(metal.budget()).isEqualTo(Bytes.parse("48GiB"));
        });
    }

    @Test
    void takesTheRuleOfThumbWhereMlxTellsNoBudget() {
        var large = new Sysctl(Map.of("hw.memsize", "68719476736"));
        var small = new Sysctl(Map.of("hw.memsize", "25769803776"));
        var limited = new Sysctl(Map.of("hw.memsize", "68719476736", "iogpu.wired_limit_mb", "57344"));

        assertThat(GpuBudget.of(Optional.empty(), large)).isEqualTo(Bytes.parse("48GiB"));
        assertThat(GpuBudget.of(Optional.empty(), small)).isEqualTo(Bytes.parse("16GiB"));
        assertThat(GpuBudget.of(Optional.empty(), limited)).isEqualTo(Bytes.parse("56GiB"));
    }

    @Test
    void tellsBatteryPowerAndFreeMemory() {
        MacProbe probe = probe(mac("pmset_battery.txt"), Optional.of(Bytes.parse("48GiB")), true);

        assertThat(probe.powerSource()).isEqualTo("battery");
        assertThat(probe.free().get("metal:0")).isEqualTo(new Bytes(68719476736L / 100 * 62));
        assertThat(probe.free().get("cpu:0")).isEqualTo(CPU_LIMIT);
    }

    @Test
    void saysThatItIsAStandInWithoutMetal() {
        Machine machine = probe(mac("pmset_ac.txt"), Optional.empty(), false).describe();

        assertThat(machine.standIn()).isTrue();
        assertThat(machine.device("metal:0")).isEmpty();
        assertThat(machine.note()).contains("no Metal");
    }

    @Test
    void describesWhatItCanWhereEveryProgramFails() {
        Machine machine =
                probe(command -> Optional.empty(), Optional.empty(), true).describe();

        assertThat(machine.host().memory()).isEqualTo(Bytes.ZERO);
        assertThat(machine.powerSource()).isEmpty();
    }
}
