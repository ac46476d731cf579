package dev.fairlead.model.convert;

import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.provenance.OfValue;
import dev.fairlead.model.provenance.OfWeight;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.provenance.ProvenanceFile;
import dev.fairlead.model.provenance.Relation;
import dev.fairlead.model.provenance.WeightTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Provenance of two conversions, one after the other. */
final class Composition {
    private final Map<String, List<OfValue>> values = new HashMap<>();
    private final Map<String, OfWeight> weights = new HashMap<>();

    private Composition(Provenance first) {
        first.values()
                .forEach(value -> values.computeIfAbsent(value.value(), name -> new ArrayList<>())
                        .add(value));
        first.weights().forEach(weight -> weights.put(weight.initializer(), weight));
    }

    /** The provenance of a model folder, if it has any. */
    static Provenance beside(Path folder) {
        return Files.exists(folder.resolve(ProvenanceFile.FILE)) ? ProvenanceFile.read(folder) : Provenance.NONE;
    }

    /**
     * The second's values in terms of the first's sources. What the first does not know keeps its name: it is an input, or the first is
     * where history begins. A rule is then {@code first@version > second}, and its version is the second's.
     */
    static Provenance of(Provenance first, Provenance second) {
        if (first.values().isEmpty() && first.weights().isEmpty()) {
            return second;
        }
        Composition composition = new Composition(first);
        return new Provenance(
                second.values().stream().flatMap(composition::value).toList(),
                second.weights().stream().map(composition::weight).toList());
    }

    private Stream<OfValue> value(OfValue made) {
        Chain whole = new Chain(made);
        Chain hidden = new Chain(made);
        for (String source : made.sources()) {
            List<OfValue> before = values.getOrDefault(source, List.of());
            boolean shown = before.stream().anyMatch(value -> value.relation() != Relation.FUSED_INTERNAL);
            if (before.isEmpty()) {
                whole.sources.add(source);
            }
            for (OfValue value : before) {
                // What a fused operator no longer shows is told apart, once, where the value itself is.
                Chain chain = shown && value.relation() == Relation.FUSED_INTERNAL ? hidden : whole;
                if (chain == whole || made.relation() == Relation.IDENTITY) {
                    chain.add(value);
                }
            }
        }
        return hidden.sources.isEmpty() ? Stream.of(whole.end()) : Stream.of(whole.end(), hidden.end());
    }

    /** One value's sources and rules, gathered. */
    private static final class Chain {
        private final OfValue made;
        private final Set<String> sources = new LinkedHashSet<>();
        private final Set<String> rules = new LinkedHashSet<>();
        private Relation relation;
        private Origin origin;

        Chain(OfValue made) {
            this.made = made;
            this.relation = made.relation();
            this.origin = made.origin();
        }

        void add(OfValue before) {
            sources.addAll(before.sources());
            rules.add(before.rule() + "@" + before.version());
            relation = together(before.relation(), relation);
            if (origin.equals(Origin.UNKNOWN)) {
                origin = before.origin();
            }
        }

        OfValue end() {
            String rule = rules.isEmpty() ? made.rule() : String.join("+", rules) + " > " + made.rule();
            return new OfValue(made.value(), List.copyOf(sources), origin, rule, made.version(), relation);
        }
    }

    private static Relation together(Relation first, Relation second) {
        if (first == Relation.IDENTITY || first == second) {
            return second;
        }
        return second == Relation.IDENTITY ? first : Relation.FUSED_INTERNAL;
    }

    private OfWeight weight(OfWeight made) {
        OfWeight before = weights.get(made.source());
        if (before == null) {
            return made;
        }
        List<WeightTransform> transforms = new ArrayList<>(before.transforms());
        transforms.addAll(made.transforms());
        return new OfWeight(made.initializer(), before.source(), before.sha256(), transforms);
    }
}
