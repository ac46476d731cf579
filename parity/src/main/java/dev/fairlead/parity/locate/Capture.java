package dev.fairlead.parity.locate;

import dev.fairlead.model.tensor.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Takes values from a target, a few a run. The outputs must stay equal to those of an untapped run, bit by bit: a tap that changes them
 * has undone a fusion, and shows what the model does not compute. Taps are then taken apart until those that do it are found, and their
 * values come from prefixes.
 */
public final class Capture {
    private final Target target;
    private final Map<String, Tensor> inputs;
    private final Map<String, Tensor> outputs;
    private final int most;
    private final boolean repeats;
    private final Set<String> disturbing = new HashSet<>();

    /**
     * Runs the model twice as it is.
     *
     * @param most taps of one run
     */
    public Capture(Target target, Map<String, Tensor> inputs, int most) {
        if (most < 1) {
            throw new IllegalArgumentException("most: " + most + " taps are none");
        }
        this.target = target;
        this.inputs = inputs;
        this.most = most;
        this.outputs = target.run(inputs, List.of());
        this.repeats = areKept(target.run(inputs, List.of()));
    }

    /** Whether the target gives the same bits again. Where it does not, nothing can be said of its taps, and all are taken as they are. */
    public boolean repeats() {
        return repeats;
    }

    /** The untapped outputs. */
    public Map<String, Tensor> outputs() {
        return outputs;
    }

    /** Values by name; those of {@link #outputs} need no run. */
    public Captured of(List<String> names) {
        Map<String, Tensor> values = new HashMap<>();
        Set<String> prefixed = new HashSet<>();
        List<String> inner = names.stream()
                .distinct()
                .filter(name -> !outputs.containsKey(name))
                .toList();
        names.stream()
                .filter(outputs::containsKey)
                .forEach(name -> values.put(name, Objects.requireNonNull(outputs.get(name))));
        List<String> known = inner.stream().filter(disturbing::contains).toList();
        List<String> open =
                inner.stream().filter(name -> !disturbing.contains(name)).toList();
        for (int i = 0; i < open.size(); i += most) {
            tap(open.subList(i, Math.min(open.size(), i + most)), values, prefixed);
        }
        known.forEach(name -> cut(name, values, prefixed));
        return new Captured(values, prefixed);
    }

    /**
     * Values of one run, outputs among them: by taps, or by one prefix where those change the outputs. What is fused and what is kept
     * wider than declared is then the same for all, which it need not be over several runs.
     */
    public Captured together(List<String> names) {
        if (names.stream().noneMatch(disturbing::contains)) {
            Map<String, Tensor> found = target.run(
                    inputs,
                    names.stream().filter(name -> !outputs.containsKey(name)).toList());
            if (!repeats || areKept(found)) {
                return new Captured(found, Set.of());
            }
        }
        Map<String, Tensor> found = target.prefix(inputs, names);
        names.forEach(name -> Objects.requireNonNull(found.get(name), name));
        return new Captured(found, Set.copyOf(names));
    }

    private void tap(List<String> names, Map<String, Tensor> values, Set<String> prefixed) {
        Map<String, Tensor> found = target.run(inputs, names);
        if (!repeats || areKept(found)) {
            names.forEach(name -> values.put(name, Objects.requireNonNull(found.get(name), name)));
        } else if (names.size() == 1) {
            disturbing.add(names.getFirst());
            cut(names.getFirst(), values, prefixed);
        } else {
            int half = names.size() / 2;
            tap(names.subList(0, half), values, prefixed);
            tap(names.subList(half, names.size()), values, prefixed);
        }
    }

    private void cut(String name, Map<String, Tensor> values, Set<String> prefixed) {
        values.put(
                name,
                Objects.requireNonNull(target.prefix(inputs, List.of(name)).get(name), name));
        prefixed.add(name);
    }

    private boolean areKept(Map<String, Tensor> found) {
        return outputs.entrySet().stream().allMatch(entry -> {
            Tensor tensor = found.get(entry.getKey());
            return tensor != null && tensor.data().mismatch(entry.getValue().data()) == -1;
        });
    }
}
