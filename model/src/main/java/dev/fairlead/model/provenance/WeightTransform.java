package dev.fairlead.model.provenance;

import dev.fairlead.model.tensor.DType;
import java.util.List;

/** One step from a source weight's bytes to an initializer's. */
public sealed interface WeightTransform {
    /** Axis {@code i} of the result is the source's axis {@code axes.get(i)}. */
    record Permute(List<Integer> axes) implements WeightTransform {
        public Permute {
            axes = List.copyOf(axes);
        }
    }

    /** The same bytes under another shape, and perhaps read as another type. */
    record Reinterpret(DType dtype, List<Long> shape) implements WeightTransform {
        public Reinterpret {
            shape = List.copyOf(shape);
        }
    }

    /** Packed integers of so many bits, each kept, in wider ones. */
    record Widen(int fromBits, int toBits) implements WeightTransform {}

    /** Anything else, by the name of what was computed; the values are exact unless the name says otherwise. */
    record Computed(String what) implements WeightTransform {}
}
