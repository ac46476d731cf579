package dev.fairlead.model.convert;

import dev.fairlead.model.coreml.CoremlPackageWriter;
import dev.fairlead.model.coreml.MilBlock;
import dev.fairlead.model.coreml.MilFunction;
import dev.fairlead.model.coreml.MilOperation;
import dev.fairlead.model.coreml.MilValue;
import dev.fairlead.model.lift.Lift;
import dev.fairlead.model.lower.coreml.CoremlLowering;
import dev.fairlead.model.lower.coreml.Lowered;
import dev.fairlead.model.lower.coreml.Narrowing;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.rewrite.ShapeInference;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Core ML: an {@code .mlpackage} of one ML program. */
final class CoremlTarget {
    private CoremlTarget() {}

    static Draft draft(Lift.Lifted given, Options options) {
        Narrowing.Narrowed narrowed = options.losses() == Options.Losses.ALLOWED
                ? Narrowing.apply(given.model())
                : Narrowing.Narrowed.none(given.model());
        Lift.Lifted lifted = new Lift.Lifted(narrowed.model(), given.provenance());
        var how = new dev.fairlead.model.lower.coreml.Options(
                options.specification(), options.precision(), options.precisions(), options.ranges(), Map.of());
        return switch (CoremlLowering.lower(lifted.model(), how)) {
            case Lowered.Refused(var refusals, var constants) -> {
                Origins origins = new Origins(lifted.model().graph(), lifted.provenance());
                yield new Draft.Refused(new Conversion.Unsupported(
                        refusals.stream()
                                .map(refusal -> origins.refusal(refusal.op(), refusal.name(), refusal.reason()))
                                .toList(),
                        new TreeSet<>(constants)));
            }
            case Lowered.Program(var model, var provenance, var notes) -> {
                List<Tensor> weights = new ArrayList<>();
                int operations = 0;
                for (MilFunction function : model.program().functions().values()) {
                    operations += count(function.block().orElseThrow(), weights);
                }
                yield new Draft.Ready(
                        Signatures.of(
                                model.description(),
                                ShapeInference.infer(lifted.model()).graph()),
                        Composition.of(
                                lifted.provenance(),
                                Composition.of(new Provenance(List.of(), narrowed.weights()), provenance)),
                        operations,
                        weights,
                        narrowed.losses(),
                        notes,
                        folder -> CoremlPackageWriter.write(model, folder));
            }
        };
    }

    /** Operations that compute; constants in a weight file are collected. */
    private static int count(MilBlock block, List<Tensor> weights) {
        int operations = 0;
        for (MilOperation operation : block.operations()) {
            operations += operation.type().equals(MilOperation.CONST) ? 0 : 1;
            operation.attributes().values().forEach(value -> {
                if (value instanceof MilValue.Stored stored) {
                    weights.add(stored.tensor());
                }
            });
            for (MilBlock inner : operation.blocks()) {
                operations += count(inner, weights);
            }
        }
        return operations;
    }
}
