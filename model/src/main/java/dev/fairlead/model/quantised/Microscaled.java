package dev.fairlead.model.quantised;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Small floats in groups along the last axis, each group with a small float as its scale: mxfp4, mxfp8, nvfp4.
 *
 * @param packed uint32, least significant bits first
 * @param scales uint8, the bits of a {@code scaleType}
 */
public record Microscaled(Tensor packed, Tensor scales, DType elementType, DType scaleType, int group) {
    public Microscaled {
        List<Long> shape = new ArrayList<>(packed.shape());
        long words = shape.removeLast();
        List<Long> groups = new ArrayList<>(scales.shape());
        long blocks = groups.removeLast();
        if (packed.dtype() != DType.UINT32
                || scales.dtype() != DType.UINT8
                || !shape.equals(groups)
                || words * 32 != blocks * group * elementType.bits()) {
            throw new IllegalArgumentException("scales: " + scales.shape() + " for packed " + packed.shape() + " of "
                    + elementType.text() + " in groups of " + group);
        }
    }

    /**
     * The numbers in another type; empty where one has no exact place in it.
     *
     * @param arena owner of the result
     */
    public Optional<Tensor> decoded(DType target, Arena arena) {
        List<Long> shape = new ArrayList<>(scales.shape());
        long columns = shape.removeLast() * group;
        shape.add(columns);
        Tensor result = Tensor.allocate(target, shape, arena);
        Tensor elements = new Tensor(elementType, shape, packed.data());
        Tensor factors = new Tensor(scaleType, scales.shape(), scales.data());
        for (long i = 0; i < result.elements(); i++) {
            double value = elements.doubleAt(i) * factors.doubleAt(i / group);
            result.set(i, value);
            if (Double.compare(result.doubleAt(i), value) != 0) {
                return Optional.empty();
            }
        }
        return Optional.of(result);
    }
}
