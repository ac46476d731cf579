package dev.fairlead.parity.locate;

import dev.fairlead.model.graph.Origin;

/**
 * A weight that is not what the conversion says it made of the source's.
 *
 * @param initializer of the candidate
 * @param source weight
 * @param operation that uses it, as {@link Operation#title} has it; empty where none does
 * @param rule that wrote the operation, empty where it is not known
 * @param problem what is wrong, such as {@code equals the source transposed [1, 0]}
 */
public record WeightFault(
        String initializer, String source, String operation, String rule, Origin origin, String problem) {
    /** One sentence. */
    public String sentence() {
        return "weight `%s` of `%s` %s%s"
                .formatted(initializer, source, problem, operation.isEmpty() ? "" : "; used by " + operation);
    }
}
