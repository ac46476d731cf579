package dev.fairlead.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HarnessTest {
    @Test
    void interleavesSubjectAndBaselineAndTakesTheMedianRatio() throws Exception {
        Recorded benchmark = new Recorded();
        Result result = new Harness(Scale.FULL).measure(benchmark);
        assertThat(result.samples()).hasSize(7);
        assertThat(benchmark.calls.toString()).isEqualTo("p" + "sb".repeat(9) + "c");
        // The first two pairs warm up.
        assertThat(result.samples()).containsExactly(3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0);
        assertThat(result.ratio()).isEqualTo(6);
        assertThat(result.reached()).isFalse();
    }

    @Test
    void writesWhatProgramsRead() throws Exception {
        Result result = new Result(
                "a", 2, 1.5, "x", Benchmark.Better.HIGHER, List.of(1.0, 2.0, 3.0), 4, 2, "GB/s", List.of("of 7"));
        assertThat(result.reached()).isTrue();
        assertThat(ResultsJson.text(List.of(result)).replaceAll("\\s", ""))
                .isEqualTo("[{\"name\":\"a\",\"ratio\":2.0,\"target\":1.5,\"unit\":\"x\",\"better\":\"higher\","
                        + "\"samples\":[1.0,2.0,3.0],\"details\":[\"of7\"]}]");
        assertThat(Table.row(result)).startsWith("a").contains("2.000", "≥ 1.50", "1.000 – 3.000", "reached");
    }

    @Test
    void refusesANameThatNoBenchmarkHas() {
        assertThat(Main.commandLine()
                        .setErr(new java.io.PrintWriter(new java.io.StringWriter()))
                        .execute("speed"))
                .isEqualTo(2);
    }

    private static final class Recorded implements Benchmark {
        private final StringBuilder calls = new StringBuilder();
        private double next;

        @Override
        public String name() {
            return "recorded";
        }

        @Override
        public String unit() {
            return "x baseline time, lower is better";
        }

        @Override
        public double target() {
            return 5;
        }

        @Override
        public Better better() {
            return Better.LOWER;
        }

        @Override
        public String measure() {
            return "ms";
        }

        @Override
        public void prepare() {
            calls.append('p');
        }

        @Override
        public double subject() {
            calls.append('s');
            return ++next;
        }

        @Override
        public double baseline() {
            calls.append('b');
            return 1;
        }

        @Override
        public void close() {
            calls.append('c');
        }
    }
}
