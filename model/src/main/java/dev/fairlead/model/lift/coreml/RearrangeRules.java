package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Elements moved between axes. */
final class RearrangeRules {
    private RearrangeRules() {}

    static void register(Rules rules) {
        rules.add("depth_to_space", (call, out) -> depthToSpace(call.integer("block_size"), "DCR", call, out));
        rules.add("pixel_shuffle", (call, out) -> depthToSpace(call.integer("upscale_factor"), "CRD", call, out));
        rules.add(
                "space_to_depth",
                (call, out) -> out.result(
                        "SpaceToDepth", Attributes.of("blocksize", call.integer("block_size")), out.of(call.get("x"))));
        rules.add("pixel_unshuffle", RearrangeRules::pixelUnshuffle);
        rules.add("space_to_batch", RearrangeRules::spaceToBatch);
        rules.add("batch_to_space", RearrangeRules::batchToSpace);
        rules.add("sliding_windows", RearrangeRules::windows);
        rules.add("reverse_sequence", RearrangeRules::reverseSequence);
    }

    private static void depthToSpace(long size, String mode, Invocation call, Emitter out) {
        out.result(
                "DepthToSpace",
                Attributes.all(Attributes.of("blocksize", size), Attributes.text("mode", mode)),
                out.of(call.get("x")));
    }

    /** The inverse of pixel_shuffle: a channel's own block elements stay together. */
    private static void pixelUnshuffle(Invocation call, Emitter out) {
        Operand x = call.get("x");
        String factor = out.integers(call.integer("downscale_factor"));
        String height = out.inner("Div", out.size(x, 2), factor);
        String width = out.inner("Div", out.size(x, 3), factor);
        String apart = out.inner(
                "Reshape", out.of(x), joined(out, out.size(x, 0), out.size(x, 1), height, factor, width, factor));
        String moved = out.inner("Transpose", Attributes.of("perm", List.of(0, 1, 3, 5, 2, 4)), apart);
        out.result("Reshape", moved, joined(out, out.size(x, 0), out.integers(-1), height, width));
    }

    private static String joined(Emitter out, String... sizes) {
        return out.inner("Concat", Attributes.of("axis", 0), sizes);
    }

    /** A block's element is the outer, the image the inner part of the new batch's index. */
    private static void spaceToBatch(Invocation call, Emitter out) {
        Operand x = call.get("x");
        List<Long> block = call.integers("block_shape");
        List<Long> pads = call.integers("paddings");
        String padded = out.inner(
                "Pad", out.of(x), out.integers(0, 0, pads.get(0), pads.get(2), 0, 0, pads.get(1), pads.get(3)));
        String first = out.integers(block.getFirst());
        String second = out.integers(block.getLast());
        String height =
                out.inner("Div", out.inner("Add", out.size(x, 2), out.integers(pads.get(0) + pads.get(1))), first);
        String width =
                out.inner("Div", out.inner("Add", out.size(x, 3), out.integers(pads.get(2) + pads.get(3))), second);
        String apart =
                out.inner("Reshape", padded, joined(out, out.size(x, 0), out.size(x, 1), height, first, width, second));
        String moved = out.inner("Transpose", Attributes.of("perm", List.of(3, 5, 0, 1, 2, 4)), apart);
        out.result("Reshape", moved, joined(out, out.integers(-1), out.size(x, 1), height, width));
    }

    private static void batchToSpace(Invocation call, Emitter out) {
        Operand x = call.get("x");
        List<Long> block = call.integers("block_shape");
        List<Long> crops = call.integers("crops");
        String first = out.integers(block.getFirst());
        String second = out.integers(block.getLast());
        String apart = out.inner(
                "Reshape",
                out.of(x),
                joined(out, first, second, out.integers(-1), out.size(x, 1), out.size(x, 2), out.size(x, 3)));
        String moved = out.inner("Transpose", Attributes.of("perm", List.of(2, 3, 4, 0, 5, 1)), apart);
        String whole = out.inner(
                "Reshape",
                moved,
                joined(
                        out,
                        out.integers(-1),
                        out.size(x, 1),
                        out.inner("Mul", out.size(x, 2), first),
                        out.inner("Mul", out.size(x, 3), second)));
        List<Long> ends = new ArrayList<>();
        for (int i = 1; i < 4; i += 2) {
            ends.add(crops.get(i) == 0 ? Long.MAX_VALUE : -crops.get(i));
        }
        out.result("Slice", whole, out.integers(crops.get(0), crops.get(2)), out.integers(ends), out.integers(2, 3));
    }

    private static void windows(Invocation call, Emitter out) {
        Operand x = call.get("x");
        int axis = call.axis("axis", 0, call.rank(x));
        long size = call.integer("size");
        long stride = call.integer("stride", 1);
        Optional<Long> length = call.size(x, axis);
        if (length.isEmpty()) {
            throw call.unsupported("the size of the axis that windows slide along is not known");
        }
        long count = Math.floorDiv(length.get() - size, stride) + 1;
        call.bounded(Math.multiplyExact(count, size));
        Tensor places = Tensor.allocate(DType.INT64, List.of(count, size));
        for (long i = 0; i < places.elements(); i++) {
            places.set(i, i / size * stride + i % size);
        }
        out.result("Gather", Attributes.of("axis", axis), out.of(x), out.constant(places));
    }

    private static void reverseSequence(Invocation call, Emitter out) {
        Operand x = call.get("x");
        int rank = call.rank(x);
        int time = call.axis("seq_axis", 0, rank);
        int batch = call.axis("batch_axis", 0, rank);
        if (time > 1 || batch > 1 || time == batch) {
            throw call.unsupported("ONNX reverses sequences along the first two axes only");
        }
        out.result(
                "ReverseSequence",
                Attributes.all(Attributes.of("time_axis", time), Attributes.of("batch_axis", batch)),
                out.of(x),
                out.longs(call.get("lengths")));
    }
}
