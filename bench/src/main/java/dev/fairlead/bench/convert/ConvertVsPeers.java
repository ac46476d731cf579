package dev.fairlead.bench.convert;

import dev.fairlead.bench.Benchmark;
import dev.fairlead.bench.Scale;
import dev.fairlead.conformance.Tools;
import dev.fairlead.conformance.Worker;
import dev.fairlead.conformance.onnx.OnnxCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Conversions from ONNX to Core ML beside those of the package onnx2coreml, on the cases of the {@code onnx} wheel: how many are
 * converted, loaded by coremltools and right, and the time of those that are right in both.
 */
public final class ConvertVsPeers implements Benchmark {
    public static final String NAME = "convert-vs-peers";

    private static final List<String> FOLDERS =
            List.of("node", "light", "simple", "pytorch-operator", "pytorch-converted");

    private final int every;
    private final int timed;
    private final Verdicts ours = new Verdicts("fairlead");
    private final Verdicts theirs = new Verdicts("onnx2coreml");
    private final List<Path> both = new ArrayList<>();
    private @Nullable Converters converters;

    /** All cases, and the time of 100; one of 40 in a quick run. */
    public ConvertVsPeers(Scale scale) {
        every = scale.pick(1, 40);
        timed = scale.pick(100, 5);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String unit() {
        return "x time of onnx2coreml, lower is better";
    }

    @Override
    public double target() {
        return 1;
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
        Tools tools = Tools.common();
        List<OnnxCase> cases = new ArrayList<>();
        for (String folder : FOLDERS) {
            cases.addAll(OnnxCase.in(tools.onnxData().resolve(folder)));
        }
        List<Path> right = new ArrayList<>();
        try (Worker loader = new Worker(tools, "coreml_check.py")) {
            for (int i = 0; i < cases.size(); i += every) {
                Attempt attempt = new Attempt(cases.get(i), converters, loader);
                boolean isOurs = ours.add(attempt.run(converters::fairlead));
                boolean isTheirs = theirs.add(attempt.run(converters::onnx2coreml));
                if (isOurs && isTheirs) {
                    right.add(attempt.model());
                }
            }
        }
        for (int i = 0; i < Math.min(timed, right.size()); i++) {
            both.add(right.get((int) ((long) i * right.size() / Math.min(timed, right.size()))));
        }
    }

    @Override
    public double subject() throws IOException {
        double sum = 0;
        for (Path model : both) {
            sum += prepared().fairlead(model);
        }
        return sum;
    }

    @Override
    public double baseline() throws IOException {
        double sum = 0;
        for (Path model : both) {
            sum += prepared().onnx2coreml(model);
        }
        return sum;
    }

    @Override
    public List<String> details() {
        return List.of(ours.line(), theirs.line());
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
