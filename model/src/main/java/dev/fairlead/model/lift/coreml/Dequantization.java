package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.provenance.WeightTransform;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Quantised weights as DequantizeLinear, with the payload's own bytes. ONNX has one scale for a whole tensor, for each
 * index of an axis, or for each block of one axis; MIL has blocks along every axis. Where no form fits, inner axes of one
 * scale are merged into the axis before them; where none fits then, or the offset is no integer, the weight is decoded.
 */
final class Dequantization {
    private Dequantization() {}

    /**
     * One of ONNX' forms.
     *
     * @param shape of the data
     * @param scales shape of scale and offset
     */
    private record Form(List<Long> shape, List<Long> scales, Map<String, Attribute> attributes) {}

    static String emit(Weight.Scaled weight, Constants constants, Emitter out) {
        Optional<Form> form = isInteger(weight)
                ? form(weight.shape(), weight.scale().shape())
                        .or(() -> merged(weight.shape(), weight.scale().shape()))
                : Optional.empty();
        if (form.isEmpty()) {
            return constants.initializer(
                    weight.name(),
                    weight.name(),
                    weight.dense(),
                    List.of(new WeightTransform.Computed("scale · (data − offset)")));
        }
        String data = put(weight, "data", weight.data(), form.get().shape(), constants);
        String scale = put(weight, "scale", weight.scale(), form.get().scales(), constants);
        String offset = weight.offset()
                .map(tensor -> put(weight, "offset", tensor, form.get().scales(), constants))
                .orElse("");
        String made = out.outermost("DequantizeLinear", form.get().attributes(), data, scale, offset);
        return form.get().shape().equals(weight.shape())
                ? made
                : out.outermost("Reshape", Attributes.NONE, made, out.integers(weight.shape()));
    }

    /** Whether DequantizeLinear takes the data and the offset: 4 or 8 bits, and an offset of the data's type. */
    private static boolean isInteger(Weight.Scaled weight) {
        boolean payload = switch (weight.data().dtype()) {
            case INT4, UINT4, INT8, UINT8 -> weight.data().elements() > 0;
            default -> false;
        };
        return payload
                && weight.offset()
                        .map(offset -> offset.dtype() == weight.data().dtype())
                        .orElse(true);
    }

    private static String put(Weight.Scaled weight, String part, Tensor tensor, List<Long> shape, Constants constants) {
        List<WeightTransform> transforms = tensor.shape().equals(shape)
                ? List.of()
                : List.of(new WeightTransform.Reinterpret(tensor.dtype(), shape));
        return constants.initializer(
                weight.name() + "/" + part, weight.name() + "/" + part, tensor.reshaped(shape), transforms);
    }

    private static Optional<Form> form(List<Long> shape, List<Long> scales) {
        List<Integer> axes = IntStream.range(0, shape.size()).boxed().toList();
        List<Integer> several = axes.stream().filter(i -> scales.get(i) > 1).toList();
        if (several.isEmpty()) {
            return Optional.of(new Form(shape, List.of(), Attributes.NONE));
        }
        if (several.size() == 1 && scales.get(several.getFirst()).equals(shape.get(several.getFirst()))) {
            int axis = several.getFirst();
            return Optional.of(new Form(shape, List.of(scales.get(axis)), Attributes.of("axis", axis)));
        }
        List<Integer> blocked =
                axes.stream().filter(i -> scales.get(i) < shape.get(i)).toList();
        if (blocked.size() > 1) {
            return Optional.empty();
        }
        int axis = blocked.isEmpty() ? shape.size() - 1 : blocked.getFirst();
        return Optional.of(new Form(
                shape,
                scales,
                Attributes.all(
                        Attributes.of("axis", axis), Attributes.of("block_size", shape.get(axis) / scales.get(axis)))));
    }

    private static Optional<Form> merged(List<Long> shape, List<Long> scales) {
        List<Long> sizes = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        for (int i = 0; i < shape.size(); i++) {
            if (i > 0 && scales.get(i) == 1) {
                sizes.set(sizes.size() - 1, sizes.getLast() * shape.get(i));
            } else {
                sizes.add(shape.get(i));
                counts.add(scales.get(i));
            }
        }
        return form(sizes, counts);
    }
}
