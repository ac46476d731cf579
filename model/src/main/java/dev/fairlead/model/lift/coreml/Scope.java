package dev.fairlead.model.lift.coreml;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the names of a block mean; a name that it lacks is looked up in the block around it. */
final class Scope {
    private final Optional<Scope> outer;
    private final Map<String, Operand> operands = new HashMap<>();

    Scope(Optional<Scope> outer) {
        this.outer = outer;
    }

    void bind(String name, Operand operand) {
        operands.put(name, operand);
    }

    Optional<Operand> find(String name) {
        Operand found = operands.get(name);
        return found != null ? Optional.of(found) : outer.flatMap(scope -> scope.find(name));
    }

    boolean isOutermost() {
        return outer.isEmpty();
    }
}
