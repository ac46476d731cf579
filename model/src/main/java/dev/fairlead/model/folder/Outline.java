package dev.fairlead.model.folder;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a model file or folder of any format holds.
 *
 * @param format {@code mlx}, {@code onnx}, {@code coreml}, {@code safetensors} or {@code gguf}
 * @param steps the graph's nodes in order; none for a format of tensors only
 * @param weights number and size of constant tensors by element type
 * @param notes what else the file says of itself
 */
public record Outline(
        String format,
        List<Port> inputs,
        List<Port> outputs,
        List<Step> steps,
        SortedMap<String, Amount> weights,
        SortedMap<String, String> notes) {
    public Outline {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        steps = List.copyOf(steps);
        weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
        notes = Collections.unmodifiableSortedMap(new TreeMap<>(notes));
    }

    /**
     * An input or output.
     *
     * @param type such as {@code float32[batch, 3]}
     */
    public record Port(String name, String type) {
        @Override
        public String toString() {
            return name + " " + type;
        }
    }

    /**
     * A node.
     *
     * @param key what it stands for, the same in a model and in what that was converted to: the value of the first model
     * @param operation with its domain, where that is not ONNX' own
     */
    public record Step(String key, String operation, String output, String place) {}

    public record Amount(int tensors, long bytes) {
        Amount plus(long more) {
            return new Amount(tensors + 1, Math.addExact(bytes, more));
        }
    }

    /** Number of nodes by operation. */
    public SortedMap<String, Integer> operations() {
        SortedMap<String, Integer> counts = new TreeMap<>();
        steps.forEach(step -> counts.merge(step.operation(), 1, Integer::sum));
        return counts;
    }

    public long weightBytes() {
        return weights.values().stream().mapToLong(Amount::bytes).sum();
    }
}
