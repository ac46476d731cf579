package dev.fairlead.cli.policy;

import dev.fairlead.cli.yaml.YamlField;
import dev.fairlead.cli.yaml.YamlFile;
import dev.fairlead.parity.verdict.Policy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A policy in YAML (docs/concepts/parity.md), read strictly.
 *
 * @param approvalRequired means something to an environment alone; empty where the file does not say
 */
public record PolicyFile(Policy policy, Optional<Boolean> approvalRequired) {
    private static final Set<String> FIELDS = Set.of(
            "accept_stand_ins",
            "approval_required",
            "minimum_inputs",
            "claim",
            "noise",
            "normalised_rmse",
            "allowed_findings");

    public static PolicyFile read(Path file) {
        return parse(file.toString(), YamlFile.text(file, "policy"));
    }

    /** Parses; {@code name} begins every error. */
    public static PolicyFile parse(String name, String text) {
        YamlField root = YamlFile.parse(name, text);
        Map<String, YamlField> fields = root.members(FIELDS);
        YamlField inputs = fields.get("minimum_inputs");
        int minimum = inputs == null ? 1 : inputs.integer();
        if (inputs != null && minimum < 1) {
            throw inputs.fail(minimum + " is less than 1");
        }
        Map<String, Double> limits = new TreeMap<>();
        members(fields, "normalised_rmse").forEach((key, limit) -> {
            double value = limit.number();
            if (!(value >= 0) || Double.isInfinite(value)) {
                throw limit.fail(value + " is not a finite number of 0 or more");
            }
            limits.put(key, value);
        });
        Set<String> allowed = new TreeSet<>();
        YamlField findings = fields.get("allowed_findings");
        if (findings != null) {
            for (YamlField finding : findings.items()) {
                if (!Policy.FINDINGS.contains(finding.text())) {
                    throw finding.fail("\"" + finding.text() + "\" is none of "
                            + String.join(
                                    ", ", Policy.FINDINGS.stream().sorted().toList()));
                }
                allowed.add(finding.text());
            }
        }
        Policy policy = new Policy(
                flag(fields, "accept_stand_ins").orElse(false),
                minimum,
                limits,
                demand(fields),
                noise(fields),
                allowed);
        return new PolicyFile(policy, flag(fields, "approval_required"));
    }

    private static Policy.Demand demand(Map<String, YamlField> fields) {
        Map<String, YamlField> claim = known(fields, "claim", Set.of("maximum_rate", "confidence"));
        return checked(
                fields.get("claim"),
                () -> new Policy.Demand(
                        number(claim, "maximum_rate", Policy.Demand.DEFAULT.maximumRate()),
                        number(claim, "confidence", Policy.Demand.DEFAULT.confidence())));
    }

    private static Policy.NoiseLimits noise(Map<String, YamlField> fields) {
        Map<String, YamlField> noise = known(fields, "noise", Set.of("pass", "warn"));
        return checked(
                fields.get("noise"),
                () -> new Policy.NoiseLimits(
                        number(noise, "pass", Policy.NoiseLimits.DEFAULT.pass()),
                        number(noise, "warn", Policy.NoiseLimits.DEFAULT.warn())));
    }

    /** Names the line of the field that a record refuses, or of the mapping around it where that is not given. */
    private static <T> T checked(@org.jspecify.annotations.Nullable YamlField field, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            if (field == null) {
                throw e;
            }
            String[] problem = String.valueOf(e.getMessage()).split(": ", 2);
            String name = problem[0].substring(problem[0].indexOf('.') + 1);
            YamlField at = field.members().getOrDefault(name, field);
            throw at.fail(problem[problem.length - 1]);
        }
    }

    private static Map<String, YamlField> known(Map<String, YamlField> fields, String name, Set<String> known) {
        YamlField field = fields.get(name);
        return field == null ? Map.of() : field.members(known);
    }

    private static Map<String, YamlField> members(Map<String, YamlField> fields, String name) {
        YamlField field = fields.get(name);
        return field == null ? Map.of() : field.members();
    }

    private static double number(Map<String, YamlField> fields, String name, double otherwise) {
        YamlField field = fields.get(name);
        return field == null ? otherwise : field.number();
    }

    private static Optional<Boolean> flag(Map<String, YamlField> fields, String name) {
        return Optional.ofNullable(fields.get(name)).map(YamlField::flag);
    }
}
