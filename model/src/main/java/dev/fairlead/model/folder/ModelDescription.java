package dev.fairlead.model.folder;

import dev.fairlead.model.signature.ModelInfo;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a model folder holds.
 *
 * @param operators number of nodes by operator
 * @param weights number of constant tensors
 * @param weightBytes their size in bytes
 * @param weightTypes number of constant tensors by element type, as {@code model.json} names it
 */
public record ModelDescription(
        ModelInfo info,
        SortedMap<String, Integer> operators,
        int weights,
        long weightBytes,
        SortedMap<String, Integer> weightTypes) {
    public ModelDescription {
        operators = Collections.unmodifiableSortedMap(new TreeMap<>(operators));
        weightTypes = Collections.unmodifiableSortedMap(new TreeMap<>(weightTypes));
    }

    /** Number of nodes. */
    public int nodes() {
        return operators.values().stream().mapToInt(Integer::intValue).sum();
    }
}
