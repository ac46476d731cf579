package dev.fairlead.cli.job;

import com.google.protobuf.ProtocolMessageEnum;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.cli.yaml.YamlField;
import dev.fairlead.cli.yaml.YamlFile;
import dev.fairlead.proto.v1.Accelerator;
import dev.fairlead.proto.v1.DisconnectPolicy;
import dev.fairlead.proto.v1.JobInput;
import dev.fairlead.proto.v1.JobKind;
import dev.fairlead.proto.v1.JobOutput;
import dev.fairlead.proto.v1.JobSpec;
import dev.fairlead.proto.v1.ModelFormat;
import dev.fairlead.proto.v1.OnDisconnect;
import dev.fairlead.proto.v1.Resources;
import dev.fairlead.proto.v1.RetryPolicy;
import dev.fairlead.proto.v1.Runtime;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * A job file (docs/jobs.md), read strictly: an unknown field, a wrong unit or an anchor is an error that names file, line and field.
 */
public final class JobFile {
    private JobFile() {}

    public static JobSpec read(Path file) {
        return parse(file.toString(), YamlFile.text(file, "job file"));
    }

    /** Parses the text of a job file; `name` begins every error. */
    public static JobSpec parse(String name, String text) {
        return spec(YamlFile.parse(name, text));
    }

    private static JobSpec spec(YamlField root) {
        var spec = JobSpec.newBuilder();
        read(
                root,
                Map.ofEntries(
                        Map.entry("kind", field -> spec.setKind(word(field, JobKind.values()))),
                        Map.entry("name", field -> spec.setName(field.text())),
                        Map.entry(
                                "command",
                                field -> read(
                                        field,
                                        Map.of(
                                                "argv",
                                                argv -> argv.items()
                                                        .forEach(word -> spec.getCommandBuilder()
                                                                .addArgv(word.text()))))),
                        Map.entry(
                                "model",
                                field -> read(
                                        field,
                                        Map.of(
                                                "ref",
                                                ref -> spec.getModelBuilder().setRef(ref.text())))),
                        Map.entry("inputs", field -> field.items().forEach(item -> spec.addInputs(input(item)))),
                        Map.entry("outputs", field -> field.items().forEach(item -> spec.addOutputs(output(item)))),
                        Map.entry("resources", field -> spec.setResources(resources(field))),
                        Map.entry(
                                "env",
                                field -> field.members().forEach((key, value) -> spec.putEnv(key, value.text()))),
                        Map.entry("priority", field -> spec.setPriority(field.integer())),
                        Map.entry("retry", field -> spec.setRetry(retry(field))),
                        Map.entry("timeout", field -> spec.setTimeout(Words.duration(Quantities.duration(field)))),
                        Map.entry("on_disconnect", field -> spec.setOnDisconnect(onDisconnect(field))),
                        Map.entry(
                                "settings",
                                field ->
                                        field.members().forEach((key, value) -> spec.putSettings(key, value.text())))));
        if (spec.getKind() == JobKind.JOB_KIND_UNSPECIFIED) {
            throw root.fail("kind: is missing; one of " + words(JobKind.values()));
        }
        if (root.members().keySet().containsAll(Set.of("command", "model"))) {
            throw root.fail("command and model: only one of them");
        }
        return spec.build();
    }

    private static JobInput input(YamlField field) {
        var input = JobInput.newBuilder();
        read(field, Map.of("name", name -> input.setName(name.text()), "ref", ref -> input.setRef(ref.text())));
        return input.build();
    }

    private static JobOutput output(YamlField field) {
        var output = JobOutput.newBuilder();
        read(
                field,
                Map.of(
                        "name", name -> output.setName(name.text()),
                        "as_model", model -> output.setAsModel(model.text()),
                        "suite_output", suite -> output.setSuiteOutput(suite.text())));
        return output.build();
    }

    private static Resources resources(YamlField field) {
        var resources = Resources.newBuilder();
        read(
                field,
                Map.of(
                        "any_of",
                                list -> list.items()
                                        .forEach(item -> resources.addAnyOf(word(item, Accelerator.values()))),
                        "memory", memory -> resources.setMemoryBytes(Quantities.bytes(memory)),
                        "memory_bytes", memory -> resources.setMemoryBytes(Quantities.bytes(memory)),
                        "runtime", runtime -> resources.setRuntime(word(runtime, Runtime.values())),
                        "format", format -> resources.setFormat(word(format, ModelFormat.values())),
                        "pool", pool -> resources.setPool(pool.text()),
                        "agent", agent -> resources.setAgent(agent.text())));
        return resources.build();
    }

    private static RetryPolicy retry(YamlField field) {
        var retry = RetryPolicy.newBuilder();
        read(
                field,
                Map.of(
                        "max_attempts", attempts -> retry.setMaxAttempts(attempts.integer()),
                        "backoff", backoff -> retry.setBackoff(Words.duration(Quantities.duration(backoff)))));
        return retry.build();
    }

    private static DisconnectPolicy onDisconnect(YamlField field) {
        var policy = DisconnectPolicy.newBuilder();
        read(
                field,
                Map.of(
                        "action", action -> policy.setAction(word(action, OnDisconnect.values())),
                        "grace", grace -> policy.setGrace(Words.duration(Quantities.duration(grace)))));
        return policy.build();
    }

    private static void read(YamlField field, Map<String, java.util.function.Consumer<YamlField>> readers) {
        BiConsumer<String, YamlField> apply = (name, member) -> {
            var reader = readers.get(name);
            if (reader != null) {
                reader.accept(member);
            }
        };
        field.members(Set.copyOf(readers.keySet())).forEach(apply);
    }

    private static <E extends Enum<E> & ProtocolMessageEnum> E word(YamlField field, E[] values) {
        var text = field.text();
        return Arrays.stream(values)
                .filter(value ->
                        !text.isEmpty() && Words.of(value).equals(text) && !"UNRECOGNIZED".equals(value.name()))
                .findFirst()
                .orElseThrow(() -> field.fail("\"" + text + "\" is none of " + words(values)));
    }

    private static <E extends Enum<E> & ProtocolMessageEnum> String words(E[] values) {
        return Arrays.stream(values)
                .filter(value -> !"UNRECOGNIZED".equals(value.name()))
                .map(Words::of)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(", "));
    }
}
