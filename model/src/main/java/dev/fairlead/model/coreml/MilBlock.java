package dev.fairlead.model.coreml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Operations in order, and the names of what they hand out.
 *
 * @param inputs of a loop's block; a function's block has none
 */
public record MilBlock(
        List<MilVariable> inputs,
        List<String> outputs,
        List<MilOperation> operations,
        Map<String, MilValue> attributes) {
    public MilBlock {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        operations = List.copyOf(operations);
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    public MilBlock(List<MilVariable> inputs, List<String> outputs, List<MilOperation> operations) {
        this(inputs, outputs, operations, Map.of());
    }
}
