package dev.fairlead.model.convert;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.lift.Lift;
import dev.fairlead.model.lower.mlx.Lowered;
import dev.fairlead.model.lower.mlx.MlxLowering;
import dev.fairlead.model.lower.mlx.Options;
import dev.fairlead.model.mlx.MlxGraphWriter;
import dev.fairlead.model.provenance.OriginMetadata;
import dev.fairlead.model.safetensors.SafetensorsWriter;
import java.util.List;
import java.util.Map;

/** MLX: primitives for {@code fairlead.replay}. */
final class MlxTarget {
    private MlxTarget() {}

    static Draft draft(Lift.Lifted lifted) {
        Graph graph = lifted.model().graph();
        return switch (MlxLowering.lower(lifted.model(), Options.defaults())) {
            case Lowered.Refused(var operators, var undecided) ->
                new Draft.Refused(new Conversion.Unsupported(
                        operators.stream()
                                .map(operator -> new UnsupportedOperation(
                                        operator.op(),
                                        operator.node(),
                                        origin(graph, operator.node()),
                                        operator.reason()))
                                .toList(),
                        undecided));
            case Lowered.Graph lowered -> {
                List<Chain.Made> made = lowered.graph().nodes().stream()
                        .flatMap(node -> node.outputs().stream()
                                .map(output -> new Chain.Made(output.name(), node.op(), node.origin())))
                        .toList();
                yield new Draft.Ready(
                        Signatures.of(lowered.graph()),
                        Chain.of(lifted.provenance(), Chain.byName(graph, made, lowered.weights())),
                        lowered.graph().nodes().size(),
                        lowered.weights().values(),
                        List.of(),
                        folder -> {
                            MlxGraphWriter.write(lowered.graph(), folder.resolve("graph.json"));
                            SafetensorsWriter.write(folder.resolve("weights.safetensors"), lowered.weights(), Map.of());
                        });
            }
        };
    }

    /** Of the node that a refusal names, by its name or its first output. */
    static Origin origin(Graph graph, String label) {
        for (Node node : graph.nodes()) {
            if (node.name().equals(label) || node.outputs().contains(label)) {
                return OriginMetadata.origin(node.metadata());
            }
        }
        return Origin.UNKNOWN;
    }
}
