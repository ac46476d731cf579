package dev.fairlead.model.folder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Two models' graphs beside each other, aligned by the value of the first model that their nodes stand for. */
public final class OutlineDiff {
    private OutlineDiff() {}

    /**
     * What one value became.
     *
     * @param left operations of the first model, in order; none where it has no such value
     * @param right operations of the second
     */
    public record Line(String key, List<String> left, List<String> right, String place) {
        public Line {
            left = List.copyOf(left);
            right = List.copyOf(right);
        }

        public boolean isSame() {
            return left.equals(right);
        }
    }

    /** In the first model's order; what only the second has comes last, in its order. */
    public static List<Line> of(Outline left, Outline right) {
        Map<String, List<Outline.Step>> a = byKey(left);
        Map<String, List<Outline.Step>> b = byKey(right);
        Set<String> keys = new LinkedHashSet<>(a.keySet());
        keys.addAll(b.keySet());
        List<Line> lines = new ArrayList<>();
        for (String key : keys) {
            List<Outline.Step> here = a.getOrDefault(key, List.of());
            List<Outline.Step> there = b.getOrDefault(key, List.of());
            String place = (here.isEmpty() ? there : here).getFirst().place();
            lines.add(new Line(key, operations(here), operations(there), place));
        }
        return lines;
    }

    private static Map<String, List<Outline.Step>> byKey(Outline outline) {
        Map<String, List<Outline.Step>> steps = new LinkedHashMap<>();
        outline.steps()
                .forEach(step -> steps.computeIfAbsent(step.key(), key -> new ArrayList<>())
                        .add(step));
        return steps;
    }

    private static List<String> operations(List<Outline.Step> steps) {
        return steps.stream().map(Outline.Step::operation).toList();
    }
}
