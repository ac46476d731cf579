package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.mlx.MlxGraph;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.provenance.OfWeight;
import dev.fairlead.model.provenance.WeightTransform;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.tensor.Permutation;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The initializers of the graph being written: source tensors as they are mapped, permuted copies, and literals. */
final class Weights {
    private static final String FILE = "weights.safetensors";

    private final Safetensors source;
    private final Arena arena;
    private final Set<String> constants;
    private final Map<String, Tensor> initializers = new LinkedHashMap<>();
    private final Map<String, Source> sources = new LinkedHashMap<>();
    private final Map<String, String> literals = new HashMap<>();

    /**
     * Checks that every constant of the graph is in the file with its dtype and shape.
     *
     * @param arena owner of permuted copies
     */
    Weights(MlxGraph graph, Safetensors source, Arena arena) {
        this.source = source;
        this.arena = arena;
        this.constants = graph.constants().stream().map(MlxValue::name).collect(Collectors.toUnmodifiableSet());
        for (MlxValue constant : graph.constants()) {
            Tensor tensor = source.tensor(constant.name());
            List<Long> shape = constant.fixedShape().orElseThrow();
            if (tensor.dtype() != constant.dtype() || !tensor.shape().equals(shape)) {
                throw new ModelException(
                        ErrorCode.MALFORMED,
                        FILE,
                        ModelException.shown(constant.name()),
                        "is %s%s, but graph.json says %s%s"
                                .formatted(
                                        tensor.dtype().text(),
                                        tensor.shape(),
                                        constant.dtype().text(),
                                        shape));
            }
        }
    }

    boolean isConstant(MlxValue value) {
        return constants.contains(value.name());
    }

    Tensor tensor(MlxValue constant) {
        return source.tensor(constant.name());
    }

    /** Puts a constant into the graph under a name, once. */
    void use(MlxValue constant, String name) {
        if (initializers.putIfAbsent(name, tensor(constant)) == null) {
            sources.put(name, new Source(name, constant, List.of()));
        }
    }

    /** Puts a permuted copy of a constant into the graph, once; returns its name. */
    String usePermuted(MlxValue constant, List<Integer> axes, Names names) {
        return literals.computeIfAbsent("permuted " + axes + " " + constant.name(), key -> {
            String name = names.fresh(constant.name() + "/permuted");
            initializers.put(name, Permutation.apply(tensor(constant), axes, arena));
            sources.put(name, new Source(name, constant, List.of(new WeightTransform.Permute(axes))));
            return name;
        });
    }

    /** Puts what is computed from a constant into the graph, once for each key; returns its name. */
    String useDerived(
            MlxValue constant, String what, List<WeightTransform> transforms, Names names, Supplier<Tensor> made) {
        return literals.computeIfAbsent(what + " " + constant.name(), key -> {
            String name = names.fresh(constant.name() + "/" + what);
            initializers.put(name, made.get());
            sources.put(name, new Source(name, constant, transforms));
            return name;
        });
    }

    /** Owner of what rules compute from constants. */
    Arena arena() {
        return arena;
    }

    /** Puts a constant of a rule into the graph; the same bytes share one initializer. */
    String literal(Tensor tensor, Names names) {
        String key = "literal " + tensor.dtype() + tensor.shape() + Segments.sha256(tensor.data());
        return literals.computeIfAbsent(key, k -> {
            String name = names.fresh("literal/" + tensor.dtype().text());
            initializers.put(name, tensor);
            return name;
        });
    }

    Map<String, Tensor> initializers() {
        return initializers;
    }

    /** Of these initializers, in the order in which they were put there. Large weights take time to hash, so all processors do. */
    List<OfWeight> provenance(Set<String> names) {
        return sources.values().parallelStream()
                .filter(source -> names.contains(source.initializer()))
                .map(source -> new OfWeight(
                        source.initializer(),
                        source.constant().name(),
                        Segments.sha256(tensor(source.constant()).data()),
                        source.transforms()))
                .toList();
    }

    private record Source(String initializer, MlxValue constant, List<WeightTransform> transforms) {}
}
