package dev.fairlead.model.convert;

import dev.fairlead.model.lift.Lift;
import dev.fairlead.model.lower.mlx.Lowered;
import dev.fairlead.model.lower.mlx.MlxLowering;
import dev.fairlead.model.lower.mlx.Options;
import dev.fairlead.model.mlx.MlxGraphWriter;
import dev.fairlead.model.safetensors.SafetensorsWriter;
import java.util.List;

/** MLX: primitives for {@code fairlead.replay}. */
final class MlxTarget {
    private MlxTarget() {}

    static Draft draft(Lift.Lifted lifted) {
        return switch (MlxLowering.lower(lifted.model(), Options.defaults())) {
            case Lowered.Refused(var operators, var undecided) -> {
                Origins origins = new Origins(lifted.model().graph(), lifted.provenance());
                yield new Draft.Refused(new Conversion.Unsupported(
                        operators.stream()
                                .map(operator -> origins.refusal(operator.op(), operator.node(), operator.reason()))
                                .toList(),
                        undecided));
            }
            case Lowered.Graph lowered ->
                new Draft.Ready(
                        Signatures.of(lowered.graph()),
                        Composition.of(lifted.provenance(), lowered.provenance()),
                        lowered.graph().nodes().size(),
                        lowered.weights().values(),
                        List.of(),
                        List.of(),
                        folder -> {
                            MlxGraphWriter.write(lowered.graph(), folder.resolve("graph.json"));
                            SafetensorsWriter.write(
                                    folder.resolve("weights.safetensors"),
                                    lowered.weights(),
                                    lifted.model().metadata());
                        });
        };
    }
}
