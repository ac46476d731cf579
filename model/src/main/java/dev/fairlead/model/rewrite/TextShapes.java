package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operators on strings. */
final class TextShapes {
    private TextShapes() {}

    static void register(ShapeRules rules) {
        rules.add("StringConcat", at -> List.of(texts(Shapes.broadcast(at.shape(0), at.shape(1)))));
        rules.add("StringNormalizer", at -> List.of(texts(at.rank(0).map(Shapes::unknown))));
        rules.add("RegexFullMatch", at -> List.of(Fact.of(Optional.of(DType.BOOL), at.shape(0))));
        rules.add("StringSplit", TextShapes::split);
    }

    static Fact texts(Optional<List<Dim>> shape) {
        return Fact.of(new Type.Texts(shape));
    }

    /** The parts, padded to the longest, and how many there are of each. */
    private static List<Fact> split(Inference at) {
        Optional<List<Dim>> parts = at.shape(0).map(shape -> {
            List<Dim> out = new ArrayList<>(shape);
            out.add(new Dim.Unknown());
            return out;
        });
        return List.of(texts(parts), Fact.of(Optional.of(DType.INT64), at.shape(0)));
    }
}
