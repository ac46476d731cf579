package dev.fairlead.parity.check;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Inputs made from a model's signature: symbolic sizes go through those at which kernels change, numbers through ordinary ones and those
 * at which formats and formulas break. The same model, count and seed give the same inputs.
 */
public final class GeneratedInputs {
    /** Around vectors, warps and tiles. */
    private static final long[] SIZES = {2, 1, 8, 9, 16, 17};

    /** Of integers that pick no row of a table that is known: flags and small counts. */
    private static final long USUAL_BOUND = 2;

    private static final double OUTLIER = 300;

    private GeneratedInputs() {}

    /** What the numbers of a case are like. */
    private enum Numbers {
        NORMAL,
        UNIFORM,
        /** One channel, along the last axis, is 300 times as large. */
        OUTLIER_CHANNEL,
        NEGATIVE,
        /** Few different ones. */
        TIES,
        /** Both zeros, subnormals of float16 and float32, and ordinary ones. */
        TINY,
        /** Up to the largest number of float16; in float16 itself, where a sum of these overflows, up to 64. */
        LARGE
    }

    /**
     * Makes inputs, the first of ordinary numbers.
     *
     * @throws ModelException UNSUPPORTED naming an input that is no dense tensor of real numbers or of known rank
     */
    public static NavigableMap<String, Map<String, Tensor>> of(Model model, int count, long seed) {
        Graph graph = model.graph();
        List<Value> inputs = graph.inputs().stream()
                .filter(input -> !graph.initializers().containsKey(input.name()))
                .toList();
        Map<String, Long> bounds = new LinkedHashMap<>();
        inputs.forEach(input ->
                bounds.put(input.name(), IndexBound.of(graph, input.name()).orElse(USUAL_BOUND)));
        TreeSet<String> symbols = new TreeSet<>();
        inputs.forEach(input -> shape(input).forEach(dim -> {
            if (dim instanceof Dim.Symbolic(var expression)) {
                symbols.addAll(expression.symbols());
            }
        }));
        NavigableMap<String, Map<String, Tensor>> cases = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            Map<String, Long> sizes = new LinkedHashMap<>();
            int stride = 1;
            for (String symbol : symbols) {
                sizes.put(symbol, SIZES[i / stride % SIZES.length]);
                stride++;
            }
            SplittableRandom random = new SplittableRandom(seed * 1_000_003 + i);
            Numbers numbers = Numbers.values()[i % Numbers.values().length];
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (Value input : inputs) {
                tensors.put(
                        input.name(),
                        tensor(input, bounds.getOrDefault(input.name(), USUAL_BOUND), sizes, numbers, random));
            }
            cases.put(String.format(Locale.ROOT, "%06d", i), tensors);
        }
        return cases;
    }

    private static List<Dim> shape(Value input) {
        return input.shape().orElseThrow(() -> unsupported(input, "has no known rank"));
    }

    private static ModelException unsupported(Value input, String problem) {
        return new ModelException(
                ErrorCode.UNSUPPORTED,
                "inputs",
                ModelException.shown(input.name()),
                problem + "; give inputs of your own");
    }

    private static Tensor tensor(
            Value input, long bound, Map<String, Long> sizes, Numbers numbers, SplittableRandom random) {
        List<Long> shape = new ArrayList<>();
        for (Dim dim : shape(input)) {
            shape.add(
                    switch (dim) {
                        case Dim.Fixed(long size) -> size;
                        case Dim.Symbolic(var expression) -> expression.at(sizes);
                        case Dim.Unknown() -> 2L;
                    });
        }
        DType dtype = input.dtype().orElseThrow(() -> unsupported(input, "is no dense tensor"));
        Tensor tensor = Tensor.allocate(dtype, shape);
        switch (dtype.kind()) {
            case FLOATING -> {
                long channels = shape.isEmpty() ? 1 : Math.max(1, shape.getLast());
                long outlier = random.nextLong(channels);
                for (long i = 0; i < tensor.elements(); i++) {
                    tensor.set(i, real(numbers, dtype, i % channels == outlier, random));
                }
            }
            case BOOLEAN -> mask(tensor, numbers, random);
            case SIGNED, UNSIGNED -> {
                for (long i = 0; i < tensor.elements(); i++) {
                    // The largest stands first, so that it is always there.
                    tensor.set(i, i == 0 && numbers != Numbers.NORMAL ? bound - 1 : random.nextLong(bound));
                }
            }
            case COMPLEX -> throw unsupported(input, "is complex");
        }
        return tensor;
    }

    /** Along the last axis true up to a length of its own, as padding has it, in some cases never; all true in the first case. */
    private static void mask(Tensor tensor, Numbers numbers, SplittableRandom random) {
        long width = tensor.shape().isEmpty() ? 1 : Math.max(1, tensor.shape().getLast());
        for (long row = 0; row < tensor.elements() / width; row++) {
            long kept = numbers == Numbers.NORMAL ? width : random.nextLong(numbers == Numbers.TIES ? 0 : 1, width + 1);
            for (long i = 0; i < width; i++) {
                tensor.set(row * width + i, i < kept ? 1L : 0L);
            }
        }
    }

    private static double real(Numbers numbers, DType dtype, boolean isOutlier, SplittableRandom random) {
        double normal = random.nextGaussian();
        return switch (numbers) {
            case NORMAL -> normal;
            case UNIFORM -> random.nextDouble(-1, 1);
            case OUTLIER_CHANNEL -> isOutlier ? OUTLIER * normal : normal;
            case NEGATIVE -> -Math.abs(normal);
            case TIES -> Math.rint(normal);
            case TINY ->
                switch (random.nextInt(5)) {
                    case 0 -> 0.0;
                    case 1 -> -0.0;
                    case 2 -> 0x1p-24 * normal;
                    case 3 -> 0x1p-140 * normal;
                    default -> normal;
                };
            case LARGE -> random.nextInt(16) == 0 ? Math.copySign(dtype == DType.FLOAT16 ? 64 : 65504, normal) : normal;
        };
    }
}
