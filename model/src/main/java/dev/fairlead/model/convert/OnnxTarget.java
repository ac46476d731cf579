package dev.fairlead.model.convert;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.lift.Lift;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.provenance.OriginMetadata;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.rewrite.ConstantFolding;
import dev.fairlead.model.rewrite.DeadCode;
import dev.fairlead.model.rewrite.OpsetConversion;
import dev.fairlead.model.rewrite.ShapeInference;
import java.util.List;

/** ONNX: the graph itself, folded, with shapes stated, in the operator set that is asked for. */
final class OnnxTarget {
    /** Larger constants are left to the runtime, so that weights do not grow. */
    private static final long FOLDED_BYTES = 1 << 20;

    private OnnxTarget() {}

    static Draft draft(Lift.Lifted lifted, Format from, Options options) {
        Model given = lifted.model();
        // What was traced has no dead code and its shapes are stated; folding would only part values from their lines.
        boolean traced = from == Format.MLX;
        Model passed =
                traced ? given : ShapeInference.infer(DeadCode.remove(ConstantFolding.fold(given, FOLDED_BYTES)));
        Model model = options.opset().isPresent()
                ? OpsetConversion.convert(passed, options.opset().getAsLong())
                : passed;
        Graph graph = model.graph();
        Provenance provenance = traced && options.opset().isEmpty() ? lifted.provenance() : chained(lifted, graph);
        return new Draft.Ready(
                Signatures.of(graph),
                provenance,
                graph.nodes().size(),
                graph.initializers().values(),
                List.of(),
                folder -> OnnxWriter.write(model, folder));
    }

    private static Provenance chained(Lift.Lifted lifted, Graph graph) {
        List<Chain.Made> made = graph.nodes().stream()
                .flatMap(node -> node.outputs().stream()
                        .filter(output -> !output.isEmpty())
                        .map(output -> new Chain.Made(output, node.op(), OriginMetadata.origin(node.metadata()))))
                .toList();
        return Chain.of(lifted.provenance(), Chain.byName(lifted.model().graph(), made, graph.initializers()));
    }
}
