package dev.fairlead.parity.locate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SettingSearchTest {
    private static final Map<String, String> NOW =
            Map.of("tf32", "1", "optimisation", "all", "provider", "cuda", "threads", "4");
    private static final Map<String, String> SAFE =
            Map.of("tf32", "0", "optimisation", "none", "provider", "cpu", "threads", "4");

    @Test
    void findsTheOneSetting() {
        SettingSearch search = new SettingSearch(NOW, SAFE, settings -> "0".equals(settings.get("tf32")));
        assertThat(search.smallest()).contains(new java.util.TreeMap<>(Map.of("tf32", "0")));
        assertThat(search.runs()).isLessThanOrEqualTo(8);
    }

    @Test
    void saysNothingWhereTheFaultStays() {
        assertThat(new SettingSearch(NOW, SAFE, _ -> false).smallest()).isEmpty();
    }

    @Test
    void saysNothingWhereThereIsNoFault() {
        assertThat(new SettingSearch(NOW, SAFE, _ -> true).smallest()).isEmpty();
    }

    @Test
    void asksForNoSettingTwice() {
        List<Map<String, String>> asked = new ArrayList<>();
        new SettingSearch(NOW, SAFE, settings -> {
                    asked.add(settings);
                    return "cpu".equals(settings.get("provider")) && "none".equals(settings.get("optimisation"));
                })
                .smallest();
        assertThat(asked).doesNotHaveDuplicates();
    }

    /** Any set of settings that the fault needs together is found whole, and nothing else. */
    @Property(tries = 200)
    void findsExactlyWhatTheFaultNeeds(@ForAll @Size(min = 1, max = 6) Set<@IntRange(max = 11) Integer> needed) {
        Map<String, String> now = new HashMap<>();
        Map<String, String> safe = new HashMap<>();
        for (int i = 0; i < 12; i++) {
            now.put("s" + i, "on");
            safe.put("s" + i, "off");
        }
        SettingSearch search = new SettingSearch(
                now, safe, settings -> needed.stream().allMatch(i -> "off".equals(settings.get("s" + i))));
        assertThat(search.smallest().orElseThrow().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        needed.stream().map(i -> "s" + i).toList());
    }
}
