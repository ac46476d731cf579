package dev.fairlead.model.convert;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.lift.Lift;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.rewrite.ConstantFolding;
import dev.fairlead.model.rewrite.DeadCode;
import dev.fairlead.model.rewrite.OpsetConversion;
import dev.fairlead.model.rewrite.ShapeInference;
import java.util.List;
import java.util.TreeSet;

/** ONNX: the graph itself, folded, with shapes stated, in the operator set that is asked for. */
final class OnnxTarget {
    /** Larger constants are left to the runtime, so that weights do not grow. */
    private static final long FOLDED_BYTES = 1 << 20;

    private OnnxTarget() {}

    static Draft draft(Lift.Lifted lifted, Format from, Options options) {
        Model given = lifted.model();
        // What was traced has no dead code and its shapes are stated; folding would only part values from their lines.
        boolean traced = from == Format.MLX
                && options.sizes().isEmpty()
                && options.specialised().isEmpty()
                && options.tensors().isEmpty();
        Model passed =
                traced ? given : ShapeInference.infer(DeadCode.remove(ConstantFolding.fold(given, FOLDED_BYTES)));
        List<UnsupportedOperation> unstated = Signatures.unstated(passed.graph());
        if (!unstated.isEmpty()) {
            return new Draft.Refused(new Conversion.Unsupported(unstated, new TreeSet<>()));
        }
        if (options.opset().isEmpty()) {
            return ready(traced ? lifted.provenance() : kept(lifted, passed), passed);
        }
        return switch (OpsetConversion.move(passed, options.opset().getAsLong())) {
            case OpsetConversion.Moved.Refused(var operations) ->
                new Draft.Refused(new Conversion.Unsupported(operations, new TreeSet<>()));
            case OpsetConversion.Moved.Whole(Model moved) -> ready(kept(lifted, moved), moved);
        };
    }

    private static Provenance kept(Lift.Lifted lifted, Model passed) {
        return Composition.of(lifted.provenance(), Kept.of(lifted.model(), passed));
    }

    private static Draft ready(Provenance provenance, Model model) {
        Graph graph = model.graph();
        return new Draft.Ready(
                Signatures.of(graph),
                provenance,
                graph.nodes().size(),
                graph.initializers().values(),
                List.of(),
                List.of(),
                folder -> OnnxWriter.write(model, folder));
    }
}
