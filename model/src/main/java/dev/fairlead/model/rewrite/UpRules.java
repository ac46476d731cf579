package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Steps up, from 13 to 23. */
final class UpRules {
    /** The reductions whose axes became an input in version 18; ReduceSum's did in 13. */
    static final List<String> REDUCTIONS = List.of(
            "ReduceL1",
            "ReduceL2",
            "ReduceLogSum",
            "ReduceLogSumExp",
            "ReduceMax",
            "ReduceMean",
            "ReduceMin",
            "ReduceProd",
            "ReduceSumSquare");

    private UpRules() {}

    static void register(OpsetRules rules) {
        rules.up("BatchNormalization", 14, UpRules::batch);
        rules.up(
                "RoiAlign",
                16,
                at -> at.with("coordinate_transformation_mode", new Attribute.Text("output_half_pixel")));
        REDUCTIONS.forEach(op -> rules.up(op, 18, UpRules::axes));
        rules.up(
                "Split",
                18,
                at -> at.has(1)
                        ? at.unchanged()
                        : at.with(
                                "num_outputs",
                                new Attribute.Int(at.node().outputs().size())));
        rules.up("DFT", 20, UpRules::fourier);
        rules.up("GridSample", 20, at -> modes(at, Map.of("bilinear", "linear", "bicubic", "cubic")));
        rules.up("GroupNormalization", 21, UpRules::groups);
    }

    /** Version 9 trains when it has more outputs than one, and gives others then. */
    private static List<Node> batch(Opset at) {
        if (at.node().outputs().stream().skip(1).anyMatch(name -> !name.isEmpty())) {
            throw new Opset.Refusal("it trains, with outputs that version 14 does not have");
        }
        return at.unchanged();
    }

    private static List<Node> axes(Opset at) {
        if (!(at.node().attributes().get("axes") instanceof Attribute.Ints(List<Long> axes))) {
            return at.unchanged();
        }
        String input = at.longs("axes", axes);
        SortedMap<String, Attribute> attributes = new TreeMap<>(at.node().attributes());
        attributes.remove("axes");
        return at.then(at.node().op(), at.inputsWith(1, input), attributes);
    }

    private static List<Node> fourier(Opset at) {
        String axis = at.constant("axis", Tensor.ofLongs(List.of(), at.integer("axis", 1)));
        SortedMap<String, Attribute> attributes = new TreeMap<>(at.node().attributes());
        attributes.remove("axis");
        return at.then("DFT", at.inputsWith(2, axis), attributes);
    }

    static List<Node> modes(Opset at, Map<String, String> renamed) {
        String mode = at.node().attributes().get("mode") instanceof Attribute.Text(String text) ? text : "";
        String other = renamed.get(mode);
        return other == null ? at.unchanged() : at.with("mode", new Attribute.Text(other));
    }

    /** Scale and bias had one number a group; now they have one a channel. */
    private static List<Node> groups(Opset at) {
        long groups = at.integer("num_groups", 0);
        long channels = Opset.fixed(at.shape(0).get(1))
                .orElseThrow(() -> new Opset.Refusal("the number of channels is not known"));
        if (groups < 1 || channels % groups != 0) {
            throw new Opset.Refusal(channels + " channels in " + groups + " groups");
        }
        String column = at.longs("column", List.of(groups, 1L));
        String each = at.longs("each", List.of(groups, channels / groups));
        String all = at.longs("all", List.of(channels));
        String scale = spread(at, at.node().inputs().get(1), "scale", column, each, all);
        String bias = spread(at, at.node().inputs().get(2), "bias", column, each, all);
        return at.then(
                "GroupNormalization",
                List.of(at.node().inputs().get(0), scale, bias),
                at.node().attributes());
    }

    private static String spread(Opset at, String input, String name, String column, String each, String all) {
        String tall = at.emit("Reshape", name + "/tall", input, column);
        String wide = at.emit("Expand", name + "/wide", tall, each);
        return at.emit("Reshape", name, wide, all);
    }
}
