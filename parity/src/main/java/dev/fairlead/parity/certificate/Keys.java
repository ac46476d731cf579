package dev.fairlead.parity.certificate;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a certificate holds for. As soon as one of these changes it says nothing any more.
 *
 * @param sourceModel digest of the tree
 * @param candidateModel digest of the tree
 * @param suite digest of the golden inputs
 * @param conversionRules version of the rule set; empty where the model was not converted
 * @param precision the candidate computes in
 */
public record Keys(
        String sourceModel,
        String candidateModel,
        String suite,
        String conversionRules,
        String precision,
        Side reference,
        Side candidate) {

    /** One key that is not what it was. A value that is not known is empty. */
    public record Difference(String key, String before, String now) {}

    /** The first key in which {@code now} differs, in the order of the components; empty where none does. */
    public Optional<Difference> stale(Keys now) {
        return differences(now).stream().findFirst();
    }

    /** All keys in which {@code now} differs, in the order of the components. */
    public List<Difference> differences(Keys now) {
        Map<String, String> before = values();
        Map<String, String> after = now.values();
        Set<String> keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(after.keySet());
        return keys.stream()
                .map(key -> new Difference(key, before.getOrDefault(key, ""), after.getOrDefault(key, "")))
                .filter(one -> !one.before().equals(one.now()))
                .toList();
    }

    /** The same with another candidate side. */
    public Keys withCandidate(Side other) {
        return new Keys(sourceModel, candidateModel, suite, conversionRules, precision, reference, other);
    }

    private Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("source_model", sourceModel);
        values.put("candidate_model", candidateModel);
        values.put("suite", suite);
        values.put("conversion_rules", conversionRules);
        values.put("precision", precision);
        reference.putAll("reference", values);
        candidate.putAll("candidate", values);
        return values;
    }
}
