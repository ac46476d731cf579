package dev.fairlead.conformance;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts of one suite. */
public final class Tally {
    private final String suite;
    private final Map<String, Outcome> outcomes = new TreeMap<>();

    public Tally(String suite) {
        this.suite = suite;
    }

    public void add(String name, Outcome outcome) {
        if (outcomes.put(name, outcome) != null) {
            throw new IllegalArgumentException("name: " + name + " was reported twice");
        }
    }

    public String suite() {
        return suite;
    }

    /** By case. */
    public Map<String, Outcome> outcomes() {
        return Collections.unmodifiableMap(outcomes);
    }

    public int passed() {
        return count(Outcome.Passed.class) + count(Outcome.PassedElsewhere.class);
    }

    public int failed() {
        return count(Outcome.Failed.class);
    }

    public int unsupported() {
        return count(Outcome.Unsupported.class);
    }

    private int count(Class<? extends Outcome> kind) {
        return Math.toIntExact(
                outcomes.values().stream().filter(kind::isInstance).count());
    }

    /** Refusals by reason, the most frequent first. */
    public Map<String, Integer> reasons() {
        Map<String, Integer> refusals = new TreeMap<>();
        outcomes.values().forEach(outcome -> {
            if (outcome instanceof Outcome.Unsupported(String reason)) {
                refusals.merge(reason, 1, Integer::sum);
            }
        });
        Map<String, Integer> sorted = new LinkedHashMap<>();
        refusals.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    /** Cases that another judge than the suite's own has passed, by judge. */
    private Map<String, Integer> elsewhere() {
        Map<String, Integer> judges = new TreeMap<>();
        outcomes.values().forEach(outcome -> {
            if (outcome instanceof Outcome.PassedElsewhere(String where)) {
                judges.merge(where, 1, Integer::sum);
            }
        });
        return judges;
    }

    /** The suite's line, then a line a reason and a line a failed case. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("%s: %d passed, %d failed, %d unsupported".formatted(suite, passed(), failed(), unsupported()));
        elsewhere().forEach((where, count) -> lines.add("  %5d passed in %s".formatted(count, where)));
        reasons().forEach((reason, count) -> lines.add("  %5d unsupported: %s".formatted(count, reason)));
        outcomes.forEach((name, outcome) -> {
            if (outcome instanceof Outcome.Failed(String detail)) {
                lines.add("        failed: %s: %s".formatted(name, detail));
            }
        });
        return lines;
    }
}
