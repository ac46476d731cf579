package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Walks a trace backwards from a primitive, past broadcasts, and remembers the values that it passes. */
final class Pattern {
    private final Emitter out;
    private final List<String> inside = new ArrayList<>();

    Pattern(Emitter out) {
        this.out = out;
    }

    /** The primitive of this name that makes a value. */
    Optional<MlxNode> made(MlxValue value, String op) {
        MlxValue small = Broadcasts.beforeBroadcast(value, out);
        Optional<MlxNode> node = out.producer(small).filter(found -> found.op().equals(op));
        node.ifPresent(found -> {
            if (!small.equals(value)) {
                inside.add(value.name());
            }
            inside.add(small.name());
        });
        return node;
    }

    /** The value without MLX's broadcast. */
    MlxValue before(MlxValue value) {
        return Broadcasts.beforeBroadcast(value, out);
    }

    /** The one number that a value holds everywhere. */
    OptionalDouble number(MlxValue value) {
        return out.number(value);
    }

    /** Values passed so far, each once. */
    List<String> inside() {
        return inside.stream().distinct().toList();
    }
}
