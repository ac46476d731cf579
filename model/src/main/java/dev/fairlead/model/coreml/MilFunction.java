package dev.fairlead.model.coreml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A function.
 *
 * @param opset such as {@code CoreML7}
 * @param specializations block by opset
 */
public record MilFunction(
        List<MilVariable> inputs,
        String opset,
        Map<String, MilBlock> specializations,
        Map<String, MilValue> attributes) {
    public MilFunction {
        inputs = List.copyOf(inputs);
        specializations = Collections.unmodifiableMap(new LinkedHashMap<>(specializations));
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    public MilFunction(List<MilVariable> inputs, String opset, MilBlock block) {
        this(inputs, opset, Map.of(opset, block), Map.of());
    }

    /** The block of the function's own opset. */
    public Optional<MilBlock> block() {
        return Optional.ofNullable(specializations.get(opset));
    }
}
