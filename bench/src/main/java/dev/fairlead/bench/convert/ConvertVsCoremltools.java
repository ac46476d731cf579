package dev.fairlead.bench.convert;

import dev.fairlead.bench.Benchmark;
import dev.fairlead.bench.Result;
import dev.fairlead.bench.Scale;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Time of conversions from ONNX to a Core ML package against those of the same networks from torch by coremltools. Both are warm,
 * compute in float32 and write their package; tracing and the export to ONNX, done once, count for neither.
 */
public final class ConvertVsCoremltools implements Benchmark {
    public static final String NAME = "convert-vs-coremltools";

    private static final List<String> NETWORKS = List.of(
            "resnet18",
            "mobilenet_v2",
            "efficientnet",
            "densenet",
            "vision_transformer",
            "swin",
            "unet",
            "encoder",
            "llama");

    private final List<String> names;
    private final Map<String, Path> networks = new LinkedHashMap<>();
    private final Map<String, List<Double>> subjects = new LinkedHashMap<>();
    private final Map<String, List<Double>> baselines = new LinkedHashMap<>();
    private @Nullable Converters converters;

    /** Nine networks, one in a quick run. */
    public ConvertVsCoremltools(Scale scale) {
        names = NETWORKS.subList(0, scale.pick(NETWORKS.size(), 1));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String unit() {
        return "x time of coremltools, lower is better";
    }

    @Override
    public double target() {
        return 0.1;
    }

    @Override
    public Better better() {
        return Better.LOWER;
    }

    @Override
    public String measure() {
        return "s";
    }

    @Override
    public void prepare() throws IOException {
        converters = new Converters();
        for (String name : names) {
            networks.put(name, converters.network(name));
        }
    }

    @Override
    public double subject() throws IOException {
        double sum = 0;
        for (String name : names) {
            double seconds = prepared().fairlead(Objects.requireNonNull(networks.get(name)));
            subjects.computeIfAbsent(name, _ -> new ArrayList<>()).add(seconds);
            sum += seconds;
        }
        return sum;
    }

    @Override
    public double baseline() throws IOException {
        double sum = 0;
        for (String name : names) {
            double seconds = prepared().coremltools(name);
            baselines.computeIfAbsent(name, _ -> new ArrayList<>()).add(seconds);
            sum += seconds;
        }
        return sum;
    }

    @Override
    public List<String> details() {
        return names.stream()
                .map(name -> String.format(
                        Locale.ROOT,
                        "%-20s %8.1f ms against %8.1f ms",
                        name,
                        1e3 * Result.median(subjects.getOrDefault(name, List.of())),
                        1e3 * Result.median(baselines.getOrDefault(name, List.of()))))
                .toList();
    }

    private Converters prepared() {
        return Objects.requireNonNull(converters, "prepare() comes first");
    }

    @Override
    public void close() throws IOException {
        if (converters != null) {
            converters.close();
        }
    }
}
