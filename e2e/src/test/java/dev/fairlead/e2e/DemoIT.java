package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that a new user runs first, for both examples. */
class DemoIT {
    private static final Pattern ACCURACY = Pattern.compile("accuracy[^0-9]*([0-9.]+)\\s*%");

    @TempDir
    Path folder;

    @Test
    void takesTheDigitsFromTrainingToServing() throws Exception {
        var output = demo(Duration.ofMinutes(6));
        assertThat(output).contains("digits@prod", "PASSED", "stand-in", "http://127.0.0.1:");
        var accuracy = ACCURACY.matcher(output);
        assertThat(accuracy.find()).as(output).isTrue();
        assertThat(Double.parseDouble(accuracy.group(1))).isBetween(90.0, 100.0);
    }

    @Test
    void takesTheSentenceEncoderWithItsRealWeightsToProduction() throws Exception {
        assertThat(demo(Duration.ofMinutes(10), "--example", "encoder")).contains("encoder@prod", "PASSED");
    }

    private String demo(Duration limit, String... options) throws IOException, InterruptedException {
        var log = Files.createTempFile(folder, "demo", ".log");
        var command = new java.util.ArrayList<>(
                List.of(Cluster.ROOT.resolve("fairlead").toString(), "demo"));
        command.addAll(List.of(options));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
            process.destroy();
            throw new AssertionError("the demo took longer than " + limit + ":\n" + Files.readString(log));
        }
        var output = Files.readString(log);
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
