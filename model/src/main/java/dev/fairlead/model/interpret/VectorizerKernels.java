package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** TfIdfVectorizer: counts of n-grams that a pool names. */
final class VectorizerKernels {
    private VectorizerKernels() {}

    static void register(Kernels kernels) {
        kernels.add("TfIdfVectorizer", VectorizerKernels::run);
    }

    private static List<Datum> run(Call call) {
        Array array = call.array(0);
        if (array.rank() != 1 && array.rank() != 2) {
            throw call.malformed("input 0 has rank " + array.rank());
        }
        List<Long> indexes = call.integers("ngram_indexes").orElse(List.of());
        Map<List<Object>, Integer> pool = pool(call, indexes.size());
        int width = 1 + indexes.stream().mapToInt(Math::toIntExact).max().orElse(-1);
        int length = array.shape()[array.rank() - 1];
        int rows = array.rank() == 1 ? 1 : array.shape()[0];
        long[] counts = new long[rows * width];
        int shortest = Math.toIntExact(call.integer("min_gram_length"));
        int longest = Math.toIntExact(call.integer("max_gram_length"));
        long skips = call.integer("max_skip_count");
        for (int row = 0; row < rows; row++) {
            for (int skip = 1; skip <= skips + 1; skip++) {
                // A single item has no gaps, so it counts once.
                for (int n = skip == 1 ? shortest : Math.max(2, shortest); n <= longest; n++) {
                    for (int at = 0; at + (n - 1) * skip < length; at++) {
                        int first = row * length + at;
                        int step = skip;
                        List<Object> gram = IntStream.range(0, n)
                                .mapToObj(i -> item(call, array, first + i * step))
                                .toList();
                        Integer found = pool.get(gram);
                        if (found != null) {
                            counts[row * width + Math.toIntExact(indexes.get(found))]++;
                        }
                    }
                }
            }
        }
        double[] values = weighted(call, indexes, counts, width);
        int[] shape = array.rank() == 1 ? new int[] {width} : new int[] {rows, width};
        return Elementwise.one(new Array.Reals(DType.FLOAT32, shape, values));
    }

    private static Object item(Call call, Array array, int i) {
        return switch (array) {
            case Array.Integers integers -> integers.values()[i];
            case Array.Texts texts -> texts.values()[i];
            case Array.Reals _, Array.Complexes _ -> throw call.malformed("input 0 holds floating numbers");
        };
    }

    /** n-grams by their number; {@code ngram_counts} tells where the pool's part for each length begins. */
    private static Map<List<Object>, Integer> pool(Call call, int most) {
        List<? extends Object> items = call.attribute("pool_strings") == null
                ? call.integers("pool_int64s").orElse(List.of())
                : call.texts("pool_strings").orElse(List.of());
        List<Long> starts = call.integers("ngram_counts").orElse(List.of());
        Map<List<Object>, Integer> pool = new HashMap<>();
        int number = 0;
        for (int n = 1; n <= starts.size(); n++) {
            int start = Math.toIntExact(starts.get(n - 1));
            int end = n < starts.size() ? Math.toIntExact(starts.get(n)) : items.size();
            if (start < 0 || start > end || end > items.size() || (end - start) % n != 0) {
                throw call.malformed("ngram_counts do not fit the pool");
            }
            for (int at = start; at < end; at += n) {
                pool.put(List.copyOf(items.subList(at, at + n)), number++);
            }
        }
        if (number > most) {
            throw call.malformed("ngram_indexes are fewer than the pool's n-grams");
        }
        return pool;
    }

    private static double[] weighted(Call call, List<Long> indexes, long[] counts, int width) {
        double[] weights = new double[width];
        Arrays.fill(weights, 1);
        call.reals("weights").ifPresent(given -> {
            for (int i = 0; i < given.size(); i++) {
                weights[Math.toIntExact(indexes.get(i))] = given.get(i);
            }
        });
        String mode = call.text("mode", "");
        double[] values = new double[counts.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (mode) {
                case "TF" -> counts[i];
                case "IDF" -> counts[i] > 0 ? weights[i % width] : 0;
                case "TFIDF" -> counts[i] * weights[i % width];
                default -> throw call.malformed("attribute mode is " + mode);
            };
        }
        return values;
    }
}
