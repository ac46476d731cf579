package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.coreml.MilType;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The last two axes at another size. */
final class ResizeRules {
    private ResizeRules() {}

    static void register(Rules rules) {
        rules.add("upsample_nearest_neighbor", (call, out) -> resize(nearest(), scaled(call, out), call, out));
        rules.add("upsample_bilinear", ResizeRules::upsampleBilinear);
        rules.add("resize_nearest_neighbor", (call, out) -> resize(nearest(), target(call, out), call, out));
        rules.add(
                "resize_bilinear",
                (call, out) ->
                        resize(linear(call.text("sampling_mode", "DEFAULT"), call), target(call, out), call, out));
        rules.add("resize", ResizeRules::resize);
    }

    /** Pixel {@code floor(i · input / output)}. */
    private static Map<String, Attribute> nearest() {
        return Attributes.all(
                Attributes.text("mode", "nearest"),
                Attributes.text("coordinate_transformation_mode", "asymmetric"),
                Attributes.text("nearest_mode", "floor"));
    }

    private static Map<String, Attribute> linear(String sampling, Invocation call) {
        String mode = switch (sampling) {
            case "DEFAULT" -> "asymmetric";
            case "STRICT_ALIGN_CORNERS" -> "align_corners";
            case "ALIGN_CORNERS" -> {
                requireSeveral(call);
                yield "align_corners";
            }
            case "UNALIGN_CORNERS" -> "half_pixel";
            case "OFFSET_CORNERS" -> throw call.unsupported("ONNX has no sampling mode OFFSET_CORNERS");
            default -> throw call.malformed("sampling_mode", sampling + " is no mode");
        };
        return Attributes.all(
                Attributes.text("mode", "linear"), Attributes.text("coordinate_transformation_mode", mode));
    }

    /** To a single pixel ALIGN_CORNERS takes the middle one, ONNX the first. */
    private static void requireSeveral(Invocation call) {
        var sizes = call.outputType(0).sizes();
        for (MilType.Size size : sizes.subList(Math.max(0, sizes.size() - 2), sizes.size())) {
            if (!(size instanceof MilType.Size.Fixed(long fixed)) || fixed == 1) {
                throw call.unsupported("ALIGN_CORNERS to a size of 1, or to one that is not known");
            }
        }
    }

    private static List<String> target(Invocation call, Emitter out) {
        return List.of(
                out.integers(call.integer("target_size_height", 1)),
                out.integers(call.integer("target_size_width", 1)));
    }

    /** {@code floor(size · factor)} of the last two axes. */
    private static List<String> scaled(Invocation call, Emitter out) {
        Operand x = call.get("x");
        int rank = call.rank(x);
        List<String> sizes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            double factor = call.real(i == 0 ? "scale_factor_height" : "scale_factor_width", 1);
            Optional<Long> size = call.size(x, rank - 2 + i);
            if (size.isPresent()) {
                sizes.add(out.integers((long) Math.floor(size.get() * factor)));
            } else {
                String real = out.cast(out.size(x, rank - 2 + i), DType.FLOAT32);
                String product = out.inner("Floor", out.inner("Mul", real, out.scalar(DType.FLOAT32, factor)));
                sizes.add(out.cast(product, DType.INT64));
            }
        }
        return sizes;
    }

    private static void upsampleBilinear(Invocation call, Emitter out) {
        boolean align = call.flag("align_corners", true);
        boolean half = call.flag("half_pixel_centers", !align);
        if (align && half) {
            throw call.unsupported("corners aligned and pixel centres at halves");
        }
        String mode = align ? "align_corners" : half ? "half_pixel" : "asymmetric";
        Map<String, Attribute> attributes = Attributes.all(
                Attributes.text("mode", "linear"), Attributes.text("coordinate_transformation_mode", mode));
        resize(attributes, scaled(call, out), call, out);
    }

    /** iOS 17: the last {@code resized_dims} sizes come from a vector, in which zero keeps a size. */
    private static void resize(Invocation call, Emitter out) {
        Operand x = call.get("x");
        int rank = call.rank(x);
        int count = Math.toIntExact(call.integer("resized_dims"));
        if (count != 2) {
            throw call.unsupported("other than two axes resized");
        }
        boolean isNearest = call.text("interpolation_mode", "LINEAR").equals("NEAREST_NEIGHBOR");
        String sampling = call.text("sampling_mode", "DEFAULT");
        if (isNearest && !sampling.equals("DEFAULT")) {
            throw call.unsupported("how " + sampling + " rounds to the nearest pixel is not documented");
        }
        List<String> sizes = new ArrayList<>();
        Optional<Tensor> shape = call.known("shape");
        for (int i = 0; i < 2; i++) {
            int axis = rank - 2 + i;
            if (shape.isPresent()) {
                long size = shape.get().longAt(shape.get().elements() - 2 + i);
                sizes.add(size == 0 ? out.size(x, axis) : out.integers(size));
            } else {
                String stated = out.inner(
                        "Slice",
                        out.longs(call.get("shape")),
                        out.integers(i - 2),
                        out.integers(i == 1 ? Long.MAX_VALUE : -1),
                        out.integers(0));
                sizes.add(out.inner("Where", out.inner("Equal", stated, out.integers(0)), out.size(x, axis), stated));
            }
        }
        resize(isNearest ? nearest() : linear(sampling, call), sizes, call, out);
    }

    /** ONNX takes one size for every axis; runtimes want images to have rank 4. */
    private static void resize(Map<String, Attribute> attributes, List<String> sizes, Invocation call, Emitter out) {
        Operand x = call.get("x");
        int rank = call.rank(x);
        if (rank < 2 || rank > 4) {
            throw call.unsupported("an image of rank " + rank);
        }
        List<String> all = new ArrayList<>();
        for (int axis = rank; axis < 4; axis++) {
            all.add(out.integers(1));
        }
        for (int axis = 0; axis < rank - 2; axis++) {
            all.add(out.size(x, axis));
        }
        all.addAll(sizes);
        String wanted = out.inner("Concat", Attributes.of("axis", 0), all.toArray(String[]::new));
        if (rank == 4) {
            out.result("Resize", attributes, out.of(x), "", "", wanted);
            return;
        }
        String lead = out.integers(rank == 3 ? new long[] {0} : new long[] {0, 1});
        String wide = out.inner("Unsqueeze", out.of(x), lead);
        out.result("Squeeze", out.inner("Resize", attributes, wide, "", "", wanted), lead);
    }
}
