package dev.fairlead.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.Durations;
import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.proto.v1.Accelerator;
import dev.fairlead.proto.v1.JobKind;
import dev.fairlead.proto.v1.OnDisconnect;
import dev.fairlead.proto.v1.Runtime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JobFileTest {
    private static final String DIGITS = """
            kind: train
            name: digits
            command:
              argv: [python, train.py, --epochs, "5"]
            inputs:
              - {name: source, ref: ./examples/digits}
            outputs:
              - {name: model, as_model: digits, suite_output: suite}
              - {name: suite}
            resources:
              any_of: [metal, cpu]
              runtime: mlx
              memory: 2GiB
            timeout: 10m
            retry: {max_attempts: 3, backoff: 1s}
            on_disconnect: {action: recover, grace: 30s}
            env: {SEED: "7"}
            priority: -5
            """;

    @Test
    void readsEveryFieldOfTheDocumentedExample() {
        var spec = JobFile.parse("job.yaml", DIGITS);
        assertThat(spec.getKind()).isEqualTo(JobKind.JOB_KIND_TRAIN);
        assertThat(spec.getCommand().getArgvList()).containsExactly("python", "train.py", "--epochs", "5");
        assertThat(spec.getInputs(0).getRef()).isEqualTo("./examples/digits");
        assertThat(spec.getOutputs(0).getSuiteOutput()).isEqualTo("suite");
        assertThat(spec.getResources().getAnyOfList())
                .containsExactly(Accelerator.ACCELERATOR_METAL, Accelerator.ACCELERATOR_CPU);
        assertThat(spec.getResources().getRuntime()).isEqualTo(Runtime.RUNTIME_MLX);
        assertThat(spec.getResources().getMemoryBytes()).isEqualTo(2L << 30);
        assertThat(spec.getTimeout().getSeconds()).isEqualTo(600);
        assertThat(spec.getRetry().getMaxAttempts()).isEqualTo(3);
        assertThat(spec.getOnDisconnect().getAction()).isEqualTo(OnDisconnect.ON_DISCONNECT_RECOVER);
        assertThat(spec.getEnvMap()).containsEntry("SEED", "7");
        assertThat(spec.getPriority()).isEqualTo(-5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "kind: train\\nnmae: x                      | job.yaml:2: nmae: unknown field; known here: command,",
                "kind: fly                                  | job.yaml:1: kind: \"fly\" is none of train, infer, convert,",
                "name: x                                    | job.yaml:1: kind: is missing; one of train,",
                "kind: train\\nresources: {memory: 12 parsecs} | job.yaml:2: resources.memory: \"12 parsecs\" is no size;",
                "kind: train\\nresources: {memory: 9999999999TiB} | job.yaml:2: resources.memory: \"9999999999TiB\" is too large",
                "kind: train\\ntimeout: soon                | job.yaml:2: timeout: \"soon\" is no duration;",
                "kind: train\\ntimeout: -5s                 | job.yaml:2: timeout: \"-5s\" is no duration;",
                "kind: train\\npriority: high               | job.yaml:2: priority: \"high\" is no whole number",
                "kind: train\\ninputs: {name: a}            | job.yaml:2: inputs: must be a list",
                "kind: train\\ninputs: [{name: a, path: b}] | job.yaml:2: inputs[0].path: unknown field;",
                "kind: train\\nname:                        | job.yaml:2: name: has no value",
                "kind: train\\nkind: infer                  | job.yaml:2: kind: given twice",
                "kind: train\\ncommand: {argv: [a]}\\nmodel: {ref: b@1} | job.yaml:1: command and model: only one of them",
                "- kind: train                              | job.yaml:1: must be a mapping",
                "kind: &a train                             | job.yaml:1: kind: anchors and aliases are not allowed",
                "kind: train\\ninputs: &a [*a]              | job.yaml:2: inputs: anchors and aliases are not allowed",
                "kind: !!javax.script.ScriptEngineManager x | job.yaml:1: is no YAML: Global tag is not allowed",
                "kind: [                                    | job.yaml:1: is no YAML:",
                "kind: train\\n\\tname: x                   | job.yaml:2: is no YAML:",
                "`#`                                        | job.yaml:1: is empty",
            })
    void namesFileLineAndField(String text, String message) {
        assertThatThrownBy(() ->
                        JobFile.parse("job.yaml", text.replace("\\n", "\n").replace("\\t", "\t")))
                .isInstanceOfSatisfying(
                        CommandFailure.class, e -> assertThat(e.code()).isEqualTo(ExitCode.USAGE))
                .hasMessageStartingWith(message);
    }

    @Test
    void refusesDeepNestingAtOnce() {
        assertThatThrownBy(() -> JobFile.parse("job.yaml", "kind: " + "[".repeat(100_000)))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith("job.yaml:1: is no YAML:");
    }

    @Test
    void readsSizesAndDurationsInEveryUnit() {
        var spec = JobFile.parse("job.yaml", "kind: train\nresources: {memory: 1.5MiB}\ntimeout: 500ms\n");
        assertThat(spec.getResources().getMemoryBytes()).isEqualTo(3L << 19);
        assertThat(Durations.toMillis(spec.getTimeout())).isEqualTo(500);
    }
}
