package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operators on images and boxes. */
final class VisionShapes {
    private static final Dim UNKNOWN = new Dim.Unknown();

    private VisionShapes() {}

    static void register(ShapeRules rules) {
        rules.add("Resize", VisionShapes::resize);
        rules.add(
                "Upsample",
                at -> scaled(at, at.opset() < 9 ? Optional.empty() : at.input(1).numbers()));
        rules.add(
                "RoiAlign",
                at -> List.of(Fact.of(
                        at.dtype(0),
                        Optional.of(List.of(
                                at.dim(1, 0),
                                at.dim(0, 1),
                                stated(at, "output_height"),
                                stated(at, "output_width"))))));
        rules.add("MaxRoiPool", VisionShapes::roiPool);
        rules.add("NonMaxSuppression", at -> List.of(Fact.of(DType.INT64, UNKNOWN, Sizes.fixed(3))));
        rules.add("GridSample", VisionShapes::sample);
        rules.add("AffineGrid", VisionShapes::grid);
        rules.add("ImageDecoder", at -> List.of(Fact.of(DType.UINT8, UNKNOWN, UNKNOWN, UNKNOWN)));
    }

    private static Dim stated(Inference at, String name) {
        long size = at.integer(name, 1);
        return size < 0 ? UNKNOWN : Sizes.fixed(size);
    }

    private static List<Fact> resize(Inference at) {
        if (at.opset() < 11) {
            return scaled(at, at.input(1).numbers());
        }
        boolean bySizes = at.has(3) && !at.shape(3).equals(Optional.of(List.of(Sizes.fixed(0))));
        if (!bySizes) {
            return scaled(at, at.input(2).numbers());
        }
        Optional<List<Dim>> out = at.shape(0).map(shape -> {
            Optional<List<Long>> axes = at.integers("axes");
            List<Dim> dims = new ArrayList<>(shape);
            List<Long> resized = axes.orElse(LongRange.to(shape.size()));
            boolean stretches = at.text("keep_aspect_ratio_policy", "stretch").equals("stretch");
            for (int i = 0; i < resized.size(); i++) {
                int index = i;
                Dim size = at.elements(3)
                        .filter(list -> stretches && index < list.size())
                        .map(list -> Sizes.dim(list.get(index)))
                        .orElse(UNKNOWN);
                dims.set(at.axis(resized.get(i), shape.size()), size);
            }
            return dims;
        });
        return List.of(Fact.of(at.dtype(0), out));
    }

    /** ⌊size · scale⌋, in float32 as the scales are. */
    private static List<Fact> scaled(Inference at, Optional<List<Double>> input) {
        Optional<List<Double>> scales = input.or(() -> at.reals("scales")
                .map(list -> list.stream().map(Float::doubleValue).toList()));
        Optional<List<Dim>> out = at.shape(0).map(shape -> {
            List<Long> axes = at.integers("axes").orElse(LongRange.to(shape.size()));
            List<Dim> dims = new ArrayList<>(shape);
            for (int i = 0; i < axes.size(); i++) {
                int index = i;
                int axis = at.axis(axes.get(i), shape.size());
                dims.set(
                        axis,
                        scales.filter(list -> index < list.size())
                                .map(list -> scale(shape.get(axis), list.get(index)))
                                .orElse(UNKNOWN));
            }
            return dims;
        });
        return List.of(Fact.of(at.dtype(0), out));
    }

    private static Dim scale(Dim size, double by) {
        if (size instanceof Dim.Fixed(long n) && by >= 0) {
            return Sizes.fixed((long) Math.floor((float) n * (float) by));
        }
        return by == Math.rint(by) && by >= 1 && by < 1 << 20 ? Sizes.times(size, (long) by) : UNKNOWN;
    }

    private static List<Fact> roiPool(Inference at) {
        Optional<List<Long>> pooled = at.integers("pooled_shape");
        List<Dim> out = new ArrayList<>(List.of(at.dim(1, 0), at.dim(0, 1)));
        out.addAll(pooled.map(Shapes::of).orElse(Shapes.unknown(2)));
        return List.of(Fact.of(at.dtype(0), Optional.of(out)));
    }

    private static List<Fact> sample(Inference at) {
        Optional<List<Dim>> out = at.shape(1).filter(grid -> grid.size() >= 2).map(grid -> {
            List<Dim> dims = new ArrayList<>(List.of(at.dim(0, 0), at.dim(0, 1)));
            dims.addAll(grid.subList(1, grid.size() - 1));
            return dims;
        });
        return List.of(Fact.of(at.dtype(0), out));
    }

    /** Size is [batch, channels, spatial…]. */
    private static List<Fact> grid(Inference at) {
        Optional<List<Dim>> out = at.elements(1)
                .filter(list -> list.size() >= 3)
                .map(list -> {
                    List<Dim> dims = new ArrayList<>(List.of(Sizes.dim(list.getFirst())));
                    list.subList(2, list.size()).forEach(size -> dims.add(Sizes.dim(size)));
                    dims.add(Sizes.fixed(list.size() - 2));
                    return dims;
                });
        return List.of(Fact.of(at.dtype(0), out));
    }
}
