package dev.fairlead.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.proto.v1.JobState;
import dev.fairlead.proto.v1.OnDisconnect;
import dev.fairlead.proto.v1.Runtime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TableTest {
    @Test
    void alignsColumnsAndMarksEmptyCells() {
        var table =
                new Table("AGENT", "STATE").row("mbp-7-in-the-office", "ready").row("", "offline");
        assertThat(table.lines())
                .containsExactly(
                        "AGENT                STATE", "mbp-7-in-the-office  ready", "-                    offline");
    }

    @Test
    void refusesARowOfAnotherWidth() {
        assertThatThrownBy(() -> new Table("A", "B").row("1")).hasMessage("row: 1 cells for 2 columns");
    }

    @Test
    void printsUnitsAsPeopleReadThem() {
        assertThat(Units.bytes(1023)).isEqualTo("1023 B");
        assertThat(Units.bytes((long) (18.2 * (1L << 30)))).isEqualTo("18.2 GiB");
        assertThat(Units.duration(Duration.ofMillis(400))).isEqualTo("0.4 s");
        assertThat(Units.duration(Duration.ofSeconds(245))).isEqualTo("4m 05s");
        assertThat(Units.duration(Duration.ofMinutes(200))).isEqualTo("3h 20m");
        assertThat(Units.duration(Duration.ofHours(52))).isEqualTo("2d 4h");
        assertThat(Units.number(0)).isEqualTo("0");
        assertThat(Units.number(1.2345e-7)).isEqualTo("1.23e-07");
        assertThat(Units.number(0.5)).isEqualTo("0.500");
    }

    @Test
    void wordsAreThoseOfJobFiles() {
        assertThat(Words.of(JobState.JOB_STATE_RUNNING)).isEqualTo("running");
        assertThat(Words.of(JobState.JOB_STATE_UNSPECIFIED)).isEmpty();
        assertThat(Words.of(JobState.UNRECOGNIZED)).isEqualTo("unrecognized");
        assertThat(Words.of(OnDisconnect.ON_DISCONNECT_WAIT)).isEqualTo("wait");
        assertThat(Words.of(Runtime.RUNTIME_ONNXRUNTIME)).isEqualTo("onnxruntime");
    }

    @Test
    void barsHaveOneWidth() {
        assertThat(Progress.bar(0)).isEqualTo("[" + "░".repeat(24) + "]");
        assertThat(Progress.bar(0.5)).isEqualTo("[" + "█".repeat(12) + "░".repeat(12) + "]");
        assertThat(Progress.bar(7)).isEqualTo("[" + "█".repeat(24) + "]");
    }
}
