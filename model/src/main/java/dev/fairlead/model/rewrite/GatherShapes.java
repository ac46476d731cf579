package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Operators that pick or place elements by index, and those that find indices. */
final class GatherShapes {
    private static final Dim UNKNOWN = new Dim.Unknown();

    private GatherShapes() {}

    static void register(ShapeRules rules) {
        rules.add("Gather", GatherShapes::gather);
        rules.add("GatherElements", at -> List.of(Fact.of(at.dtype(0), at.shape(1))));
        rules.add("GatherND", GatherShapes::gatherNd);
        rules.add(List.of("Scatter", "ScatterElements", "ScatterND", "TensorScatter"), ElementwiseShapes::same);
        rules.add("OneHot", GatherShapes::oneHot);
        rules.add("Compress", GatherShapes::compress);
        rules.add(
                "NonZero",
                at -> List.of(Fact.of(
                        Optional.of(DType.INT64),
                        Optional.of(
                                List.of(at.rank(0).<Dim>map(r -> Sizes.fixed(r)).orElse(UNKNOWN), UNKNOWN)))));
        rules.add("TopK", GatherShapes::topK);
        rules.add("Unique", GatherShapes::unique);
    }

    private static List<Fact> gather(Inference at) {
        Optional<List<Dim>> out = at.shape(0)
                .flatMap(data -> at.shape(1).map(indices -> {
                    int axis = at.axis(at.integer("axis", 0), data.size());
                    List<Dim> dims = new ArrayList<>(data.subList(0, axis));
                    dims.addAll(indices);
                    dims.addAll(data.subList(Math.min(axis + 1, data.size()), data.size()));
                    return dims;
                }));
        Optional<List<Optional<Expression>>> picked = Optional.empty();
        if (at.rank(0).orElse(0) == 1 && at.elements(0).isPresent()) {
            List<Optional<Expression>> list = at.elements(0).get();
            picked = at.input(1)
                    .integers()
                    .map(indices ->
                            indices.stream().map(index -> at(list, index)).toList());
        }
        return List.of(Fact.of(at.dtype(0), out).holding(picked));
    }

    private static Optional<Expression> at(List<Optional<Expression>> list, long index) {
        long positive = index < 0 ? index + list.size() : index;
        return positive >= 0 && positive < list.size() ? list.get((int) positive) : Optional.empty();
    }

    private static List<Fact> gatherNd(Inference at) {
        int batch = Math.toIntExact(Math.clamp(at.integer("batch_dims", 0), 0, 64));
        Optional<List<Dim>> out = at.shape(0)
                .flatMap(data -> at.shape(1).flatMap(indices -> {
                    if (indices.isEmpty() || !(indices.getLast() instanceof Dim.Fixed(long depth))) {
                        return Optional.empty();
                    }
                    if (batch + depth > data.size()) {
                        throw at.malformed("indices of depth " + depth + " into a tensor of rank " + data.size());
                    }
                    return Optional.of(Shapes.joined(
                            indices.subList(0, indices.size() - 1), data.subList((int) (batch + depth), data.size())));
                }));
        return List.of(Fact.of(at.dtype(0), out));
    }

    private static List<Fact> oneHot(Inference at) {
        Dim depth = at.elements(1)
                .filter(list -> list.size() == 1)
                .map(list -> Sizes.dim(list.getFirst()))
                .or(() -> at.input(1)
                        .numbers()
                        .filter(list -> list.size() == 1 && list.getFirst() >= 0)
                        .map(list -> Sizes.fixed(list.getFirst().longValue())))
                .orElse(UNKNOWN);
        Optional<List<Dim>> out = at.shape(0).map(indices -> {
            List<Dim> dims = new ArrayList<>(indices);
            dims.add(at.axis(at.integer("axis", -1), indices.size() + 1), depth);
            return dims;
        });
        return List.of(Fact.of(at.dtype(2), out));
    }

    private static List<Fact> compress(Inference at) {
        Dim kept = at.input(1)
                .integers()
                .<Dim>map(flags ->
                        Sizes.fixed(flags.stream().filter(flag -> flag != 0).count()))
                .orElse(UNKNOWN);
        Optional<List<Dim>> out = at.integer("axis").isEmpty()
                ? Optional.of(List.of(kept))
                : at.shape(0).map(shape -> Shapes.with(shape, at.axis(at.integer("axis", 0), shape.size()), kept));
        return List.of(Fact.of(at.dtype(0), out));
    }

    private static List<Fact> topK(Inference at) {
        Dim k = at.elements(1)
                .filter(list -> list.size() == 1)
                .map(list -> Sizes.dim(list.getFirst()))
                .or(() -> at.integer("k").filter(n -> n >= 0).map(Sizes::fixed))
                .orElse(UNKNOWN);
        Optional<List<Dim>> out =
                at.shape(0).map(shape -> Shapes.with(shape, at.axis(at.integer("axis", -1), shape.size()), k));
        return List.of(Fact.of(at.dtype(0), out), Fact.of(Optional.of(DType.INT64), out));
    }

    private static List<Fact> unique(Inference at) {
        Optional<List<Dim>> out = at.integer("axis").isEmpty()
                ? Optional.of(List.of(UNKNOWN))
                : at.shape(0).map(shape -> Shapes.with(shape, at.axis(at.integer("axis", 0), shape.size()), UNKNOWN));
        Fact positions = Fact.of(DType.INT64, UNKNOWN);
        return Arrays.asList(Fact.of(at.dtype(0), out), positions, positions, positions);
    }
}
