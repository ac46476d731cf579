package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operators that slide a window over axes after batch and channels: convolutions and pooling. */
final class WindowShapes {
    private WindowShapes() {}

    static void register(ShapeRules rules) {
        rules.add("Conv", at -> convolution(at, at.dtype(0), 1));
        rules.add("ConvInteger", at -> convolution(at, Optional.of(DType.INT32), 1));
        rules.add("QLinearConv", at -> convolution(at, at.dtype(7), 3));
        rules.add("DeformConv", at -> convolution(at, at.dtype(0), 1));
        rules.add("ConvTranspose", WindowShapes::transposed);
        rules.add(List.of("AveragePool", "LpPool"), at -> List.of(Fact.of(at.dtype(0), pooled(at))));
        rules.add("MaxPool", at -> {
            Optional<List<Dim>> out = pooled(at);
            return List.of(Fact.of(at.dtype(0), out), Fact.of(Optional.of(DType.INT64), out));
        });
        rules.add("MaxUnpool", WindowShapes::unpooled);
        rules.add(
                List.of("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"),
                at -> List.of(Fact.of(
                        at.dtype(0), at.shape(0).filter(s -> s.size() >= 2).map(shape -> {
                            List<Dim> out = new ArrayList<>(shape.subList(0, 2));
                            shape.subList(2, shape.size()).forEach(size -> out.add(Sizes.fixed(1)));
                            return out;
                        }))));
        rules.add("Col2Im", WindowShapes::columns);
    }

    private static List<Fact> convolution(Inference at, Optional<DType> dtype, int weight) {
        Optional<List<Dim>> out = at.shape(0).filter(s -> s.size() >= 2).map(shape -> {
            List<Dim> dims = new ArrayList<>(List.of(shape.get(0), at.dim(weight, 0)));
            int spatial = shape.size() - 2;
            for (int i = 0; i < spatial; i++) {
                Dim kernel = kernel(at, i, weight);
                dims.add(slid(at, shape.get(i + 2), kernel, i, spatial));
            }
            return dims;
        });
        return List.of(Fact.of(dtype, out));
    }

    private static Dim kernel(Inference at, int axis, int weight) {
        return at.integers("kernel_shape")
                .filter(k -> axis < k.size() && k.get(axis) >= 0)
                .map(k -> Sizes.fixed(k.get(axis)))
                .orElseGet(() -> at.dim(weight, axis + 2));
    }

    private static long listed(Inference at, String name, int index, long otherwise) {
        return at.integers(name)
                .filter(list -> index < list.size())
                .map(list -> list.get(index))
                .orElse(otherwise);
    }

    /** ⌊(n + pads − (dilation·(kernel−1)+1)) / stride⌋ + 1, or ⌈n / stride⌉ where padding is SAME. */
    private static Dim slid(Inference at, Dim size, Dim kernel, int axis, int spatial) {
        long stride = listed(at, "strides", axis, 1);
        String auto = at.text("auto_pad", "NOTSET");
        if (stride < 1) {
            throw at.malformed("strides: " + stride);
        }
        if (auto.startsWith("SAME")) {
            return Sizes.ceilDiv(size, stride);
        }
        if (!(kernel instanceof Dim.Fixed(long width))) {
            return new Dim.Unknown();
        }
        long window = (width - 1) * listed(at, "dilations", axis, 1) + 1;
        long begin = auto.equals("VALID") ? 0 : listed(at, "pads", axis, 0);
        long end = auto.equals("VALID") ? 0 : listed(at, "pads", axis + spatial, 0);
        boolean ceil = at.integer("ceil_mode", 0) != 0;
        if (!ceil || stride == 1) {
            return Sizes.plus(Sizes.floorDiv(Sizes.plus(size, begin + end - window), stride), 1);
        }
        if (!(size instanceof Dim.Fixed(long n))) {
            return new Dim.Unknown();
        }
        long count = Math.ceilDiv(n + begin + end - window, stride) + 1;
        // A window that would begin in the end's padding is left out.
        return count < 1 ? new Dim.Unknown() : Sizes.fixed((count - 1) * stride >= n + begin ? count - 1 : count);
    }

    private static Optional<List<Dim>> pooled(Inference at) {
        return at.shape(0).filter(s -> s.size() >= 2).map(shape -> {
            List<Dim> dims = new ArrayList<>(shape.subList(0, 2));
            int spatial = shape.size() - 2;
            for (int i = 0; i < spatial; i++) {
                Dim kernel = at.integers("kernel_shape").isPresent() ? kernel(at, i, 1) : new Dim.Unknown();
                dims.add(slid(at, shape.get(i + 2), kernel, i, spatial));
            }
            return dims;
        });
    }

    private static List<Fact> transposed(Inference at) {
        Optional<List<Dim>> out = at.shape(0).filter(s -> s.size() >= 2).map(shape -> {
            int spatial = shape.size() - 2;
            List<Dim> dims = new ArrayList<>(List.of(
                    shape.get(0), Sizes.times(at.dim(1, 1), Math.max(at.integer("group", 1), 1))));
            Optional<List<Long>> stated = at.integers("output_shape");
            for (int i = 0; i < spatial; i++) {
                Dim size = shape.get(i + 2);
                if (stated.isPresent()) {
                    // Some writers state batch and channels too.
                    int index = stated.get().size() - spatial + i;
                    dims.add(
                            index < 0
                                    ? new Dim.Unknown()
                                    : Shapes.of(stated.get()).get(index));
                } else {
                    dims.add(spread(at, size, kernel(at, i, 1), i, spatial));
                }
            }
            return dims;
        });
        return List.of(Fact.of(at.dtype(0), out));
    }

    private static Dim spread(Inference at, Dim size, Dim kernel, int axis, int spatial) {
        long stride = listed(at, "strides", axis, 1);
        if (at.text("auto_pad", "NOTSET").startsWith("SAME")) {
            return Sizes.times(size, stride);
        }
        if (!(kernel instanceof Dim.Fixed(long width))) {
            return new Dim.Unknown();
        }
        long window = (width - 1) * listed(at, "dilations", axis, 1) + 1;
        boolean valid = at.text("auto_pad", "NOTSET").equals("VALID");
        long pads = valid ? 0 : listed(at, "pads", axis, 0) + listed(at, "pads", axis + spatial, 0);
        long more = listed(at, "output_padding", axis, 0) + window - pads - stride;
        return Sizes.plus(Sizes.times(size, stride), more);
    }

    private static List<Fact> unpooled(Inference at) {
        Optional<List<Dim>> out;
        if (at.has(2)) {
            out = at.elements(2)
                    .map(list -> list.stream().map(Sizes::dim).toList())
                    .or(() -> at.rank(0).map(Shapes::unknown));
        } else {
            out = at.shape(0).filter(s -> s.size() >= 2).map(shape -> {
                int spatial = shape.size() - 2;
                List<Dim> dims = new ArrayList<>(shape.subList(0, 2));
                for (int i = 0; i < spatial; i++) {
                    long stride = listed(at, "strides", i, 1);
                    long pads = listed(at, "pads", i, 0) + listed(at, "pads", i + spatial, 0);
                    long kernel = listed(at, "kernel_shape", i, 1);
                    dims.add(Sizes.plus(Sizes.times(shape.get(i + 2), stride), kernel - pads - stride));
                }
                return dims;
            });
        }
        return List.of(Fact.of(at.dtype(0), out));
    }

    private static List<Fact> columns(Inference at) {
        Optional<List<Dim>> image =
                at.elements(1).map(list -> list.stream().map(Sizes::dim).toList());
        Optional<List<Dim>> out = image.map(sizes -> {
            Dim channels = at.input(2)
                    .integers()
                    .map(block -> block.stream().reduce(1L, (a, b) -> a * b))
                    .filter(area -> area > 0)
                    .map(area -> Sizes.floorDiv(at.dim(0, 1), area))
                    .orElse(new Dim.Unknown());
            return Shapes.joined(List.of(at.dim(0, 0), channels), sizes);
        });
        return List.of(Fact.of(at.dtype(0), out));
    }
}
