package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.provenance.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Convolution: MLX has channels last and weights (O, spatial…, I/groups); ONNX has channels second in both. */
final class ConvolutionRules {
    private ConvolutionRules() {}

    static void register(Rules rules) {
        rules.add("Convolution", 7, 1, ConvolutionRules::convolution);
    }

    private static void convolution(MlxNode node, Emitter out) {
        if (node.integers(4).stream().anyMatch(dilation -> dilation != 1)) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED,
                    node.file(),
                    node.path() + ".arguments[4]",
                    "a dilated input (transposed convolution) cannot be converted yet");
        }
        if (node.flag(6)) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED,
                    node.file(),
                    node.path() + ".arguments[6]",
                    "a flipped kernel cannot be converted yet");
        }
        int rank = node.input(0).rank();
        List<Integer> channelsSecond = new ArrayList<>(List.of(0, rank - 1));
        List<Integer> channelsLast = new ArrayList<>(List.of(0));
        for (int axis = 1; axis < rank - 1; axis++) {
            channelsSecond.add(axis);
            channelsLast.add(axis + 1);
        }
        channelsLast.add(1);
        List<Long> pads = new ArrayList<>(node.integers(1));
        pads.addAll(node.integers(2));
        Map<String, Attribute> attributes = Map.of(
                "strides", Attributes.ints(node.integers(0)),
                "pads", Attributes.ints(pads),
                "dilations", Attributes.ints(node.integers(3)),
                "group", new Attribute.Int(node.integer(5)));
        String x = out.permuted(node.input(0), channelsSecond);
        String w = out.permuted(node.input(1), channelsSecond);
        String y = out.inner(Relation.PERMUTE, List.of(node.output().name()), "Conv", attributes, x, w);
        out.result(node.output(), "Transpose", Attributes.of("perm", channelsLast), y);
    }
}
