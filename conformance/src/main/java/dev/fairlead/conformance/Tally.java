package dev.fairlead.conformance;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Counts of one suite. */
public final class Tally {
    private final String suite;
    private final Map<String, Integer> refusals = new TreeMap<>();
    private final Map<String, String> failures = new TreeMap<>();
    private final Map<String, Integer> notes = new TreeMap<>();
    private int passed;

    public Tally(String suite) {
        this.suite = suite;
    }

    public void add(String name, Outcome outcome) {
        switch (outcome) {
            case Outcome.Passed() -> passed++;
            case Outcome.Failed(String detail) -> failures.put(name, detail);
            case Outcome.Unsupported(String reason) -> refusals.merge(reason, 1, Integer::sum);
        }
    }

    /** Counts something that readers of the passed cases should know. */
    public void note(String what) {
        notes.merge(what, 1, Integer::sum);
    }

    public String suite() {
        return suite;
    }

    public int passed() {
        return passed;
    }

    public int failed() {
        return failures.size();
    }

    public int unsupported() {
        return refusals.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Refusals by reason, the most frequent first. */
    public Map<String, Integer> reasons() {
        Map<String, Integer> sorted = new LinkedHashMap<>();
        refusals.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    /** The suite's line, then a line a reason and a line a failed case. */
    public List<String> lines() {
        String total = "%s: %d passed, %d failed, %d unsupported".formatted(suite, passed, failed(), unsupported());
        Stream<String> reasons = reasons().entrySet().stream()
                .map(entry -> "  %5d unsupported: %s".formatted(entry.getValue(), entry.getKey()));
        Stream<String> wrong = failures.entrySet().stream()
                .map(entry -> "        failed: %s: %s".formatted(entry.getKey(), entry.getValue()));
        Stream<String> noted = notes.entrySet().stream()
                .map(entry -> "  %5d of the passed: %s".formatted(entry.getValue(), entry.getKey()));
        return Stream.of(Stream.of(total), noted, reasons, wrong).flatMap(part -> part).toList();
    }
}
