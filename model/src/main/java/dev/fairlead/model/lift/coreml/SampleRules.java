package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.DType;
import java.util.Map;

/** Images sampled at computed places. */
final class SampleRules {
    private SampleRules() {}

    static void register(Rules rules) {
        rules.add("resample", SampleRules::resample);
        rules.add("affine", SampleRules::affine);
    }

    private static Map<String, Attribute> attributes(Invocation call, boolean aligned) {
        String mode = switch (call.text("sampling_mode", "bilinear")) {
            case "bilinear" -> "linear";
            case "nearest" -> "nearest";
            default -> throw call.malformed("sampling_mode", "is no mode");
        };
        String padding = call.text("padding_mode", "constant");
        String onnx = switch (padding) {
            case "constant" -> {
                if (call.real("padding_value", 0) != 0) {
                    throw call.unsupported("ONNX pads samples with zero only");
                }
                yield "zeros";
            }
            case "border" -> "border";
            // ONNX reflects at the pixels' centres when corners are aligned, and at the image's edge when not.
            case "reflection", "symmetric" -> {
                if (padding.equals("reflection") != aligned) {
                    throw call.unsupported(padding + " with align_corners " + aligned);
                }
                yield "reflection";
            }
            default -> throw call.malformed("padding_mode", padding + " is no mode");
        };
        return Attributes.all(
                Attributes.text("mode", mode),
                Attributes.text("padding_mode", onnx),
                Attributes.of("align_corners", aligned ? 1 : 0));
    }

    private static void resample(Invocation call, Emitter out) {
        Operand x = call.get("x");
        boolean aligned = call.flag("align_corners", false);
        DType dtype = call.dtype(x);
        String grid = out.as(call.get("coordinates"), dtype);
        String coordinates = call.text("coordinates_mode", "normalized_minus_one_to_one");
        String normalized = switch (coordinates) {
            case "normalized_minus_one_to_one" -> grid;
            case "normalized_zero_to_one" ->
                out.inner("Sub", out.inner("Mul", grid, out.scalar(dtype, 2)), out.scalar(dtype, 1));
            case "unnormalized" -> normalized(grid, x, aligned, call, out);
            default -> throw call.malformed("coordinates_mode", coordinates + " is no mode");
        };
        out.result("GridSample", attributes(call, aligned), out.of(x), normalized);
    }

    /** Pixels to [-1, 1]: {@code 2x / (size − 1) − 1} where corners are aligned, else {@code (2x + 1) / size − 1}. */
    private static String normalized(String grid, Operand x, boolean aligned, Invocation call, Emitter out) {
        DType dtype = call.dtype(x);
        String sizes = out.cast(out.inner("Concat", Attributes.of("axis", 0), out.size(x, 3), out.size(x, 2)), dtype);
        String doubled = out.inner("Mul", grid, out.scalar(dtype, 2));
        String one = out.scalar(dtype, 1);
        String scaled;
        if (aligned) {
            boolean isPoint = call.size(x, 2).orElse(1L) == 1 || call.size(x, 3).orElse(1L) == 1;
            if (isPoint) {
                throw call.unsupported("pixel coordinates in an image of size 1, or of one that is not known");
            }
            scaled = out.inner("Div", doubled, out.inner("Sub", sizes, one));
        } else {
            scaled = out.inner("Div", out.inner("Add", doubled, one), sizes);
        }
        return out.inner("Sub", scaled, one);
    }

    private static void affine(Invocation call, Emitter out) {
        Operand x = call.get("x");
        if (!call.flag("align_corners", true)) {
            throw call.unsupported("affine without aligned corners");
        }
        if (!call.text("coordinates_mode", "normalized_minus_one_to_one").equals("normalized_minus_one_to_one")) {
            throw call.unsupported("affine in other than normalised coordinates");
        }
        String matrix = out.inner("Reshape", out.of(call.get("transform_matrix")), out.integers(-1, 2, 3));
        String theta = out.inner(
                "Expand", matrix, out.inner("Concat", Attributes.of("axis", 0), out.size(x, 0), out.integers(2, 3)));
        String size = out.inner(
                "Concat",
                Attributes.of("axis", 0),
                out.size(x, 0),
                out.size(x, 1),
                out.integers(call.integer("output_height"), call.integer("output_width")));
        String grid = out.inner("AffineGrid", Attributes.of("align_corners", 1), theta, size);
        out.result("GridSample", attributes(call, true), out.of(x), grid);
    }
}
