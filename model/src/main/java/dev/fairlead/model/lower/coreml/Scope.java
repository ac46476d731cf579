package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the names of a graph stand for; an inner graph sees the names around it. */
final class Scope {
    private final @Nullable Scope around;
    private final Map<String, Held> held = new HashMap<>();
    private final Map<String, Tensor> constants = new HashMap<>();
    private final Map<String, Var> casts = new HashMap<>();
    private final Set<String> refused = new HashSet<>();

    /**
     * A value of the graph.
     *
     * @param declared its ONNX element type, which MIL may carry in another
     */
    record Held(Var value, DType declared) {}

    Scope(@Nullable Scope around) {
        this.around = around;
    }

    void hold(String name, Var value, DType declared) {
        held.put(name, new Held(value, declared));
    }

    void constant(String name, Tensor tensor) {
        constants.put(name, tensor);
    }

    /** Notes that nothing makes this value, for its node was refused. */
    void refuse(String name) {
        refused.add(name);
    }

    /** A value of the program in another element type, where it was cast before. */
    Optional<Var> cast(Var value, MilDataType element) {
        Var found = casts.get(value.name() + " " + element);
        return found == null && around != null ? around.cast(value, element) : Optional.ofNullable(found);
    }

    void keepCast(Var value, Var cast) {
        casts.put(value.name() + " " + cast.element(), cast);
    }

    boolean isRefused(String name) {
        return refused.contains(name) || (!isKnown(name) && around != null && around.isRefused(name));
    }

    Optional<Held> held(String name) {
        Held found = held.get(name);
        if (found != null || constants.containsKey(name)) {
            return Optional.ofNullable(found);
        }
        return around == null ? Optional.empty() : around.held(name);
    }

    Optional<Tensor> constant(String name) {
        Tensor found = constants.get(name);
        if (found != null || held.containsKey(name)) {
            return Optional.ofNullable(found);
        }
        return around == null ? Optional.empty() : around.constant(name);
    }

    private boolean isKnown(String name) {
        return held.containsKey(name) || constants.containsKey(name);
    }
}
