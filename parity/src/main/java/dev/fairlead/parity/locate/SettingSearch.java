package dev.fairlead.parity.locate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Finds the settings that a fault needs: the smallest set that must take its safe value for the fault to vanish. Delta debugging (ddmin of
 * Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", 2002) over the settings that differ from the safe ones.
 */
public final class SettingSearch {
    private final Map<String, String> now;
    private final Map<String, String> safe;
    private final Predicate<Map<String, String>> vanishes;
    private final Map<Map<String, String>, Boolean> known = new HashMap<>();

    /**
     * @param now under which the fault shows
     * @param safe the safe value of each setting that may be changed
     * @param vanishes whether the fault is gone under settings; asked once for each
     */
    public SettingSearch(Map<String, String> now, Map<String, String> safe, Predicate<Map<String, String>> vanishes) {
        this.now = Map.copyOf(now);
        this.safe = Map.copyOf(safe);
        this.vanishes = vanishes;
    }

    /**
     * Searches.
     *
     * @return settings with their safe values, none of which can be left out; absent where the fault stays with all of them, or is not
     *     there
     */
    public Optional<SortedMap<String, String>> smallest() {
        List<String> all = safe.entrySet().stream()
                .filter(setting -> !setting.getValue().equals(now.get(setting.getKey())))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (all.isEmpty() || test(List.of()) || !test(all)) {
            return Optional.empty();
        }
        List<String> found = reduced(all);
        SortedMap<String, String> settings = new TreeMap<>(safe);
        settings.keySet().retainAll(found);
        return Optional.of(settings);
    }

    /** How many different settings were tried. */
    public int runs() {
        return known.size();
    }

    private List<String> reduced(List<String> all) {
        List<String> left = all;
        int parts = 2;
        while (left.size() > 1) {
            Optional<List<String>> smaller = smaller(left, parts);
            if (smaller.isPresent()) {
                parts = smaller.get().size() <= left.size() / parts + 1 ? 2 : Math.max(parts - 1, 2);
                left = smaller.get();
            } else if (parts < left.size()) {
                parts = Math.min(left.size(), 2 * parts);
            } else {
                break;
            }
        }
        return left;
    }

    /** A part, or all but a part, that is enough. */
    private Optional<List<String>> smaller(List<String> left, int parts) {
        List<List<String>> pieces = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            pieces.add(left.subList(i * left.size() / parts, (i + 1) * left.size() / parts));
        }
        for (List<String> piece : pieces) {
            if (test(piece)) {
                return Optional.of(piece);
            }
        }
        for (List<String> piece : pieces) {
            List<String> rest =
                    left.stream().filter(name -> !piece.contains(name)).toList();
            if (rest.size() < left.size() && test(rest)) {
                return Optional.of(rest);
            }
        }
        return Optional.empty();
    }

    private boolean test(List<String> changed) {
        Map<String, String> settings = new TreeMap<>(now);
        changed.forEach(name -> settings.put(name, String.valueOf(safe.get(name))));
        return known.computeIfAbsent(settings, vanishes::test);
    }
}
