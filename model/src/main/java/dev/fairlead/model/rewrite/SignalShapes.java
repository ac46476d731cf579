package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Fourier transforms, windows and mel weights. */
final class SignalShapes {
    private static final Dim UNKNOWN = new Dim.Unknown();

    private SignalShapes() {}

    static void register(ShapeRules rules) {
        rules.add(
                List.of("HannWindow", "HammingWindow", "BlackmanWindow"),
                at -> List.of(Fact.of(
                        ElementwiseShapes.type(at, "output_datatype").or(() -> Optional.of(DType.FLOAT32)),
                        Optional.of(List.of(size(at, 0))))));
        rules.add(
                "MelWeightMatrix",
                at -> List.of(Fact.of(
                        ElementwiseShapes.type(at, "output_datatype").or(() -> Optional.of(DType.FLOAT32)),
                        Optional.of(List.of(Sizes.plus(Sizes.floorDiv(size(at, 1), 2), 1), size(at, 0))))));
        rules.add("DFT", SignalShapes::fourier);
        rules.add("STFT", SignalShapes::windowed);
    }

    private static Dim size(Inference at, int index) {
        return at.elements(index)
                .filter(list -> list.size() == 1)
                .map(list -> Sizes.dim(list.getFirst()))
                .orElse(UNKNOWN);
    }

    private static List<Fact> fourier(Inference at) {
        boolean onesided = at.integer("onesided", 0) != 0;
        boolean inverse = at.integer("inverse", 0) != 0;
        Optional<Long> axis = at.opset() < 20
                ? Optional.of(at.integer("axis", 1))
                : at.has(2) ? at.input(2).integer() : Optional.of(-2L);
        Optional<List<Dim>> out = at.shape(0).filter(s -> !s.isEmpty()).map(shape -> {
            List<Dim> dims = new ArrayList<>(shape);
            if (axis.isEmpty()) {
                return Shapes.unknown(shape.size());
            }
            int at0 = at.axis(axis.get(), shape.size());
            Dim length = at.has(1) ? size(at, 1) : shape.get(at0);
            boolean realOut = onesided && inverse;
            if (realOut && !at.has(1)) {
                // The full length of a halved spectrum n is 2 (n − 1).
                length = Sizes.times(Sizes.plus(length, -1), 2);
            }
            dims.set(at0, onesided && !inverse ? Sizes.plus(Sizes.floorDiv(length, 2), 1) : length);
            dims.set(shape.size() - 1, Sizes.fixed(realOut ? 1 : 2));
            return dims;
        });
        return List.of(Fact.of(at.dtype(0), out));
    }

    private static List<Fact> windowed(Inference at) {
        boolean onesided = at.integer("onesided", 1) != 0;
        Dim frame = at.has(3) ? size(at, 3) : at.dim(2, 0);
        Optional<Long> step = at.input(1).integer();
        Dim frames = UNKNOWN;
        if (step.isPresent() && step.get() > 0) {
            Optional<Expression> left = Sizes.expression(at.dim(0, 1))
                    .flatMap(n -> Sizes.expression(frame).flatMap(f -> Sizes.minus(n, f)));
            frames = Sizes.plus(Sizes.dim(left.flatMap(n -> Sizes.floorDiv(n, step.get()))), 1);
        }
        Dim bins = onesided ? Sizes.plus(Sizes.floorDiv(frame, 2), 1) : frame;
        return List.of(Fact.of(at.dtype(0), Optional.of(List.of(at.dim(0, 0), frames, bins, Sizes.fixed(2)))));
    }
}
