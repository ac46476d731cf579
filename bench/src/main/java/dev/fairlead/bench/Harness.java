package dev.fairlead.bench;

import java.util.ArrayList;
import java.util.List;

/** Measures a benchmark in interleaved pairs, so that what else the machine does falls on both sides alike. */
final class Harness {
    private final Scale scale;

    Harness(Scale scale) {
        this.scale = scale;
    }

    Result measure(Benchmark benchmark) throws Exception {
        try (benchmark) {
            benchmark.prepare();
            for (int i = 0; i < scale.warmUps(); i++) {
                benchmark.subject();
                benchmark.baseline();
            }
            List<Double> ratios = new ArrayList<>();
            List<Double> subjects = new ArrayList<>();
            List<Double> baselines = new ArrayList<>();
            for (int i = 0; i < scale.pairs(); i++) {
                double subject = benchmark.subject();
                double baseline = benchmark.baseline();
                ratios.add(subject / baseline);
                subjects.add(subject);
                baselines.add(baseline);
            }
            return new Result(
                    benchmark.name(),
                    Result.median(ratios),
                    benchmark.target(),
                    benchmark.unit(),
                    benchmark.better(),
                    ratios,
                    Result.median(subjects),
                    Result.median(baselines),
                    benchmark.measure(),
                    benchmark.details());
        }
    }
}
