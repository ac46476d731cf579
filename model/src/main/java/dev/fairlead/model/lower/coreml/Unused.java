package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilArgument;
import dev.fairlead.model.coreml.MilBlock;
import dev.fairlead.model.coreml.MilOperation;
import dev.fairlead.model.coreml.MilVariable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Removes operations whose values nothing uses. One without values is there for its effect. */
final class Unused {
    private final Set<String> used = new HashSet<>();

    private Unused() {}

    static MilBlock removed(MilBlock block) {
        return new Unused().kept(block);
    }

    private MilBlock kept(MilBlock block) {
        used.addAll(block.outputs());
        List<MilOperation> kept = new ArrayList<>();
        for (MilOperation operation : block.operations().reversed()) {
            if (operation.outputs().isEmpty()
                    || operation.outputs().stream().map(MilVariable::name).anyMatch(used::contains)) {
                operation.inputs().values().stream().flatMap(List::stream).forEach(argument -> {
                    if (argument instanceof MilArgument.Name(String name)) {
                        used.add(name);
                    }
                });
                kept.add(new MilOperation(
                        operation.type(),
                        operation.inputs(),
                        operation.outputs(),
                        operation.blocks().stream().map(this::kept).toList(),
                        operation.attributes()));
            }
        }
        return new MilBlock(block.inputs(), block.outputs(), kept.reversed());
    }

    /** The names of all values that a block makes, inner ones too. */
    static Set<String> made(MilBlock block) {
        Set<String> names = new HashSet<>();
        for (MilOperation operation : block.operations()) {
            operation.outputs().forEach(output -> names.add(output.name()));
            operation.blocks().forEach(inner -> names.addAll(made(inner)));
        }
        return names;
    }
}
