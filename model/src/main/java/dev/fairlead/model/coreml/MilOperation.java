package dev.fairlead.model.coreml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One operation.
 *
 * @param inputs what is bound to each parameter, in the order of the file
 * @param blocks of {@code cond} and {@code while_loop}
 * @param attributes {@code name}, and for {@code const} {@code val}; a constexpr of iOS 17 and before has its parameters here
 */
public record MilOperation(
        String type,
        Map<String, List<MilArgument>> inputs,
        List<MilVariable> outputs,
        List<MilBlock> blocks,
        Map<String, MilValue> attributes) {
    public static final String CONST = "const";

    public MilOperation {
        Map<String, List<MilArgument>> copy = new LinkedHashMap<>();
        inputs.forEach((name, arguments) -> copy.put(name, List.copyOf(arguments)));
        inputs = Collections.unmodifiableMap(copy);
        outputs = List.copyOf(outputs);
        blocks = List.copyOf(blocks);
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    /** A constant, named after the value that it makes. */
    public static MilOperation constant(String name, MilValue value) {
        Map<String, MilValue> attributes = new LinkedHashMap<>();
        attributes.put("name", MilValue.text(name));
        attributes.put("val", value);
        return new MilOperation(CONST, Map.of(), List.of(new MilVariable(name, value.type())), List.of(), attributes);
    }
}
