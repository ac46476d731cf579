package dev.fairlead.control.job;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What makes a specification acceptable; a failure is JOB_SPEC_INVALID and names the field. */
final class SpecRules {
    private static final List<String> TARGETS = List.of("onnx", "mlx", "coreml");
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    private static final Pattern FOLDER = Pattern.compile("[a-z][a-z0-9_]{0,30}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final int MOST_ENTRIES = 256;
    private static final int LONGEST_TEXT = 32 * 1024;
    private static final Duration LONGEST = Duration.ofDays(30);

    private SpecRules() {}

    static void check(JobSpec spec) {
        matches("spec.name", spec.name(), NAME);
        work(spec);
        inputs(spec);
        outputs(spec.outputs());
        if (spec.resources().memoryBytes() < 0) {
            throw invalid(
                    "spec.resources.memory_bytes",
                    "is negative: " + spec.resources().memoryBytes());
        }
        if (!spec.resources().agent().isEmpty()) {
            new AgentName(spec.resources().agent());
        }
        texts("spec.env", spec.env());
        for (String name : spec.env().keySet()) {
            matches("spec.env", name, VARIABLE);
            if (name.startsWith("FAIRLEAD_")) {
                throw invalid("spec.env", "sets " + name + ": names starting with FAIRLEAD_ are the agent's own");
            }
        }
        texts("spec.settings", spec.settings());
        between("spec.priority", spec.priority(), -1000, 1000);
        between("spec.retry.max_attempts", spec.retry().maxAttempts(), 1, 100);
        duration("spec.retry.backoff", spec.retry().backoff());
        duration("spec.timeout", spec.timeout());
        if (spec.timeout().isZero()) {
            throw invalid("spec.timeout", "is zero");
        }
        duration("spec.on_disconnect.grace", spec.onDisconnect().grace());
    }

    private static void work(JobSpec spec) {
        switch (spec.work()) {
            case Work.Command command -> {
                if (command.argv().isEmpty() || command.argv().getFirst().isEmpty()) {
                    throw invalid("spec.command.argv", "is empty: the first entry is the program");
                }
                atMost("spec.command.argv", command.argv().size(), MOST_ENTRIES);
                command.argv().forEach(argument -> atMost("spec.command.argv", argument.length(), LONGEST_TEXT));
            }
            case Work.Model model -> {
                if (model.ref().isEmpty()) {
                    throw invalid("spec.model.ref", "is empty");
                }
            }
            case Work.BuiltIn _ -> {}
        }
        switch (spec.kind()) {
            case TRAIN -> {
                if (!(spec.work() instanceof Work.Command)) {
                    throw invalid("spec.command", "is required for a job of kind train");
                }
            }
            case INFER, EVALUATE -> {
                if (!(spec.work() instanceof Work.Model)) {
                    throw invalid("spec.model", "is required for a job of kind " + word(spec.kind()));
                }
            }
            case CONVERT, COMPARE -> {
                if (!(spec.work() instanceof Work.BuiltIn)) {
                    throw invalid("spec.work", "must be absent for a job of kind " + word(spec.kind()));
                }
                String target = spec.settings().getOrDefault("target_format", "onnx");
                if (spec.kind() == JobKind.CONVERT && !TARGETS.contains(target)) {
                    throw invalid(
                            "spec.settings.target_format", "must be one of " + TARGETS + ", got '" + target + "'");
                }
            }
        }
    }

    private static void inputs(JobSpec spec) {
        atMost("spec.inputs", spec.inputs().size(), MOST_ENTRIES);
        Set<String> names = new HashSet<>();
        if (spec.work() instanceof Work.Model) {
            names.add("model");
        }
        for (int i = 0; i < spec.inputs().size(); i++) {
            JobInput input = spec.inputs().get(i);
            String field = "spec.inputs[" + i + "]";
            matches(field + ".name", input.name(), FOLDER);
            if (!names.add(input.name())) {
                throw invalid(field + ".name", "is there twice: '" + input.name() + "'");
            }
            if (input.ref().isEmpty()) {
                throw invalid(field + ".ref", "is empty");
            }
        }
        List<String> needed = switch (spec.kind()) {
            case TRAIN -> List.of();
            case CONVERT -> List.of("model");
            case EVALUATE -> List.of("model", "suite");
            case INFER -> List.of("model", "data");
            case COMPARE -> List.of("reference", "candidate");
        };
        for (String name : needed) {
            if (!names.contains(name)) {
                throw invalid(
                        "spec.inputs", "lacks '" + name + "', which a job of kind " + word(spec.kind()) + " needs");
            }
        }
    }

    private static void outputs(List<JobOutput> outputs) {
        atMost("spec.outputs", outputs.size(), MOST_ENTRIES);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < outputs.size(); i++) {
            String field = "spec.outputs[" + i + "].name";
            matches(field, outputs.get(i).name(), FOLDER);
            if (!names.add(outputs.get(i).name())) {
                throw invalid(field, "is there twice: '" + outputs.get(i).name() + "'");
            }
        }
        for (int i = 0; i < outputs.size(); i++) {
            String model = outputs.get(i).asModel();
            String suite = outputs.get(i).suiteOutput();
            if (model != null) {
                matches("spec.outputs[" + i + "].as_model", model, NAME);
            }
            if (suite != null && (model == null || !names.contains(suite))) {
                throw invalid(
                        "spec.outputs[" + i + "].suite_output",
                        "must name another output, beside as_model; got '" + suite + "'");
            }
        }
    }

    private static void texts(String field, Map<String, String> texts) {
        atMost(field, texts.size(), MOST_ENTRIES);
        texts.forEach((name, value) -> {
            atMost(field, name.length(), LONGEST_TEXT);
            atMost(field + "." + name, value.length(), LONGEST_TEXT);
            if (value.indexOf('\0') >= 0) {
                throw invalid(field + "." + name, "contains a zero character");
            }
        });
    }

    private static void duration(String field, Duration value) {
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw invalid(field, "must be between 0 s and " + LONGEST.toDays() + " days, got " + value);
        }
    }

    private static void between(String field, int value, int least, int most) {
        if (value < least || value > most) {
            throw invalid(field, "must be between " + least + " and " + most + ", got " + value);
        }
    }

    private static void atMost(String field, int size, int most) {
        if (size > most) {
            throw invalid(field, "has " + size + " entries or characters; at most " + most + " are allowed");
        }
    }

    private static void matches(String field, String value, Pattern pattern) {
        if (!pattern.matcher(value).matches()) {
            String shown = value.length() <= 100 ? value : value.substring(0, 100) + "…";
            throw invalid(field, "must be of the form " + pattern.pattern() + ", got '" + shown + "'");
        }
    }

    private static String word(JobKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static FairleadException invalid(String field, String why) {
        return new FairleadException(ErrorCode.JOB_SPEC_INVALID, field, field + " " + why);
    }
}
