package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.onnx.OnnxTypes;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Steps down, from 23 to 13. An attribute that an older version lacks goes where it says what that version does; else the node is refused. */
final class DownRules {
    private static final Attribute ZERO = new Attribute.Int(0);

    private DownRules() {}

    static void register(OpsetRules rules) {
        Expansion.register(rules);
        List.of("RNN", "GRU", "LSTM").forEach(op -> rules.down(op, 14, at -> at.withoutDefault("layout", ZERO)));
        rules.down("BatchNormalization", 14, at -> at.withoutDefault("training_mode", ZERO));
        rules.down("Reshape", 14, DownRules::reshape);
        rules.down("Shape", 15, DownRules::shape);
        rules.down(
                "RoiAlign",
                16,
                at -> required(at, "coordinate_transformation_mode", "output_half_pixel", "half_pixel"));
        List.of("ScatterElements", "ScatterND")
                .forEach(op -> rules.down(op, 16, at -> at.withoutDefault("reduction", new Attribute.Text("none"))));
        UpRules.REDUCTIONS.forEach(op -> rules.down(op, 18, DownRules::axes));
        rules.down("Pad", 18, DownRules::pad);
        rules.down("Split", 18, DownRules::split);
        rules.down("Resize", 18, DownRules::resize);
        rules.down("Resize", 19, at -> refusing(at, "coordinate_transformation_mode", "half_pixel_symmetric"));
        rules.down("Pad", 19, at -> refusing(at, "mode", "wrap"));
        rules.down("LpPool", 18, at -> ones(at, "dilations", at.withoutDefault("ceil_mode", ZERO)));
        rules.down("AveragePool", 19, at -> ones(at, "dilations", at.unchanged()));
        rules.down("Cast", 19, at -> at.without("saturate"));
        rules.down("QuantizeLinear", 19, at -> at.without("saturate"));
        rules.down("DFT", 20, DownRules::fourier);
        rules.down("GridSample", 20, at -> UpRules.modes(at, Map.of("linear", "bilinear", "cubic", "bicubic")));
        rules.down("QuantizeLinear", 21, DownRules::quantize);
        rules.down("DequantizeLinear", 21, at -> at.withoutDefault("block_size", ZERO));
        rules.down("QuantizeLinear", 23, at -> at.withoutDefault("precision", ZERO));
        rules.down("DequantizeLinear", 23, at -> implied(at, "output_dtype", at.has(1) ? at.dtype(1) : DType.FLOAT32));
    }

    private static List<Node> reshape(Opset at) {
        if (at.integer("allowzero", 0) != 0 && at.constant(1, "shape").contains(0L)) {
            throw new Opset.Refusal("allowzero is 1 and the shape has a 0");
        }
        return at.without("allowzero");
    }

    private static List<Node> shape(Opset at) {
        if (!at.hasAttribute("start") && !at.hasAttribute("end")) {
            return at.unchanged();
        }
        String whole = at.emit("Shape", "whole", at.node().inputs().getFirst());
        String start = at.longs("start", List.of(at.integer("start", 0)));
        String end = at.longs("end", List.of(at.integer("end", Long.MAX_VALUE)));
        return at.then("Slice", List.of(whole, start, end), Map.of());
    }

    private static List<Node> required(Opset at, String attribute, String wanted, String otherwise) {
        String stated = at.node().attributes().get(attribute) instanceof Attribute.Text(String text) ? text : otherwise;
        if (!stated.equals(wanted)) {
            throw new Opset.Refusal("attribute " + attribute + " is " + stated);
        }
        return at.without(attribute);
    }

    private static List<Node> axes(Opset at) {
        SortedMap<String, Attribute> attributes = new TreeMap<>(at.node().attributes());
        boolean nothing = at.integer("noop_with_empty_axes", 0) != 0;
        attributes.remove("noop_with_empty_axes");
        List<Long> axes = at.has(1) ? at.constant(1, "axes") : List.of();
        if (axes.isEmpty() && nothing) {
            if (!List.of("ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd")
                    .contains(at.node().op())) {
                throw new Opset.Refusal("it reduces no axis");
            }
            return at.then("Identity", at.inputsUpTo(1), Map.of());
        }
        if (!axes.isEmpty()) {
            attributes.put("axes", new Attribute.Ints(axes));
        }
        return at.then(at.node().op(), at.inputsUpTo(1), attributes);
    }

    /** Pads of some axes become pads of all. */
    private static List<Node> pad(Opset at) {
        if (!at.has(3)) {
            return at.then("Pad", at.inputsUpTo(3), at.node().attributes());
        }
        int rank = at.shape(0).size();
        List<Long> axes = at.constant(3, "axes");
        List<Long> pads = at.constant(1, "pads");
        List<Long> all = new ArrayList<>(Collections.nCopies(2 * rank, 0L));
        for (int i = 0; i < axes.size(); i++) {
            int axis = (int) (axes.get(i) < 0 ? axes.get(i) + rank : axes.get(i));
            all.set(axis, pads.get(i));
            all.set(axis + rank, pads.get(i + axes.size()));
        }
        List<String> inputs = new ArrayList<>(at.inputsUpTo(3));
        inputs.set(1, at.longs("pads", all));
        return at.then("Pad", inputs, at.node().attributes());
    }

    /** Parts that are not all alike are listed. */
    private static List<Node> split(Opset at) {
        if (at.has(1)) {
            return at.without("num_outputs");
        }
        int count = at.node().outputs().size();
        List<Dim> shape = at.shape(0);
        long stated = at.integer("axis", 0);
        Dim size = shape.get((int) (stated < 0 ? stated + shape.size() : stated));
        if (Sizes.times(Sizes.ceilDiv(size, count), count).equals(size)) {
            return at.without("num_outputs");
        }
        long length = Opset.fixed(size).orElseThrow(() -> new Opset.Refusal("the size that it splits is not known"));
        List<Long> parts = new ArrayList<>();
        long each = Math.ceilDiv(length, (long) count);
        for (long left = length; parts.size() < count; left -= each) {
            parts.add(Math.clamp(left, 0, each));
        }
        SortedMap<String, Attribute> attributes = new TreeMap<>(at.node().attributes());
        attributes.remove("num_outputs");
        return at.then("Split", at.inputsWith(1, at.longs("split", parts)), attributes);
    }

    private static List<Node> resize(Opset at) {
        SortedMap<String, Attribute> attributes = new TreeMap<>(at.node().attributes());
        Map<String, Attribute> implied =
                Map.of("antialias", ZERO, "keep_aspect_ratio_policy", new Attribute.Text("stretch"));
        implied.forEach((name, value) -> {
            Attribute stated = attributes.remove(name);
            if (stated != null && !stated.equals(value)) {
                throw new Opset.Refusal("attribute " + name + " is " + Opset.text(stated));
            }
        });
        if (attributes.remove("axes") instanceof Attribute.Ints(List<Long> axes)) {
            int rank = at.shape(0).size();
            for (int i = 0; i < rank; i++) {
                if (axes.size() != rank || axes.get(i) != i) {
                    throw new Opset.Refusal("attribute axes is " + axes);
                }
            }
        }
        return at.then("Resize", at.node().inputs(), attributes);
    }

    private static List<Node> refusing(Opset at, String attribute, String newer) {
        if (at.node().attributes().get(attribute) instanceof Attribute.Text(String text) && text.equals(newer)) {
            throw new Opset.Refusal("attribute " + attribute + " is " + text);
        }
        return at.unchanged();
    }

    private static List<Node> ones(Opset at, String attribute, List<Node> otherwise) {
        if (!(at.node().attributes().get(attribute) instanceof Attribute.Ints(List<Long> values))) {
            return otherwise;
        }
        if (values.stream().anyMatch(value -> value != 1)) {
            throw new Opset.Refusal("attribute " + attribute + " is " + values);
        }
        SortedMap<String, Attribute> attributes =
                new TreeMap<>(otherwise.getLast().attributes());
        attributes.remove(attribute);
        return at.then(at.node().op(), at.node().inputs(), attributes);
    }

    private static List<Node> fourier(Opset at) {
        int rank = at.shape(0).size();
        long axis = at.has(2) ? at.constant(2, "axis").getFirst() : -2;
        SortedMap<String, Attribute> attributes = new TreeMap<>(at.node().attributes());
        attributes.put("axis", new Attribute.Int(axis < 0 ? axis + rank : axis));
        List<String> inputs = new ArrayList<>(at.inputsUpTo(2));
        while (inputs.getLast().isEmpty()) {
            inputs.removeLast();
        }
        return at.then("DFT", inputs, attributes);
    }

    /** A type that the zero point says already, or a zero point that says it. */
    private static List<Node> quantize(Opset at) {
        List<Node> whole = at.withoutDefault("block_size", ZERO);
        SortedMap<String, Attribute> attributes = new TreeMap<>(whole.getLast().attributes());
        attributes.remove("output_dtype");
        DType wanted = at.output(0).dtype().orElseThrow(() -> new Opset.Refusal("its type is not known"));
        if (at.has(2) || wanted == DType.UINT8) {
            return at.then("QuantizeLinear", at.node().inputs(), attributes);
        }
        List<Long> sizes = new ArrayList<>();
        for (Dim size : at.shape(1)) {
            sizes.add(Opset.fixed(size).orElseThrow(() -> new Opset.Refusal("the number of scales is not known")));
        }
        String zero = at.constant("zero_point", Tensor.allocate(wanted, sizes));
        return at.then("QuantizeLinear", at.inputsWith(2, zero), attributes);
    }

    private static List<Node> implied(Opset at, String attribute, DType dtype) {
        long code = at.integer(attribute, 0);
        if (code != 0 && code != OnnxTypes.code(dtype).orElse(0)) {
            throw new Opset.Refusal("attribute " + attribute + " is " + code);
        }
        return at.without(attribute);
    }
}
