package dev.fairlead.bench.parity;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fairlead.bench.Benchmark;
import dev.fairlead.bench.Scale;
import dev.fairlead.conformance.Folders;
import dev.fairlead.conformance.Tools;
import dev.fairlead.conformance.gate.Corpus;
import dev.fairlead.conformance.gate.Trial;
import dev.fairlead.parity.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Verdicts on the corpus of the selftest beside those of other gates with their defaults. The others are given what their users give
 * them, the outputs of the two machines.
 */
public final class ParityVsPeers implements Benchmark {
    public static final String NAME = "parity-vs-peers";

    private static final String OURS = "fairlead";

    private final int every;
    private final int pairs;
    private final Map<String, Boolean> faulty = new LinkedHashMap<>();
    private final Map<String, Map<String, Boolean>> passed = new LinkedHashMap<>();

    /** All seeded faults with their twins, and 75 random graphs at each precision; one of 20 and 2 in a quick run. */
    public ParityVsPeers(Scale scale) {
        every = scale.pick(1, 20);
        pairs = scale.pick(75, 2);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String unit() {
        return "x right verdicts of the best other gate";
    }

    @Override
    public double target() {
        return 1;
    }

    @Override
    public Better better() {
        return Better.HIGHER;
    }

    @Override
    public String measure() {
        return "% right";
    }

    @Override
    public void prepare() throws IOException {
        List<Trial> seeded = Corpus.seeded();
        List<Trial> trials = new ArrayList<>();
        // A fault and its twin stand side by side.
        for (int i = 0; i < seeded.size(); i += 2 * every) {
            trials.addAll(seeded.subList(i, i + 2));
        }
        trials.addAll(Corpus.random(pairs));
        Path folder = Files.createTempDirectory("fairlead-peers");
        try {
            for (Trial trial : trials) {
                String name = trial.name().replace('/', '.');
                try {
                    boolean isPass = trial.judge(folder.resolve(name)).verdict() == Verdict.PASSED;
                    passed.computeIfAbsent(OURS, _ -> new LinkedHashMap<>()).put(name, isPass);
                    faulty.put(name, trial.isFault());
                } catch (OrtException e) {
                    // Without a kernel there is nothing to compare.
                    Folders.delete(folder.resolve(name));
                }
            }
            Path verdicts = Files.createTempFile("fairlead-peers", ".json");
            Tools.torch().script("parity_peers", folder.toString(), verdicts.toString());
            read(new JsonMapper().readTree(verdicts.toFile()));
            Files.delete(verdicts);
        } finally {
            Folders.delete(folder);
        }
    }

    private void read(JsonNode verdicts) {
        verdicts.properties().forEach(gate -> {
            Map<String, Boolean> byCase = new LinkedHashMap<>();
            gate.getValue()
                    .properties()
                    .forEach(one -> byCase.put(one.getKey(), one.getValue().asBoolean()));
            passed.put(gate.getKey(), byCase);
        });
    }

    private long count(String gate, boolean isFault, boolean isPass) {
        Map<String, Boolean> verdicts = passed.getOrDefault(gate, Map.of());
        return faulty.entrySet().stream()
                .filter(one -> one.getValue() == isFault && verdicts.getOrDefault(one.getKey(), false) == isPass)
                .count();
    }

    private double right(String gate) {
        return 100.0 * (count(gate, true, false) + count(gate, false, true)) / faulty.size();
    }

    @Override
    public double subject() {
        return right(OURS);
    }

    @Override
    public double baseline() {
        return passed.keySet().stream()
                .filter(gate -> !gate.equals(OURS))
                .map(this::right)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    @Override
    public List<String> details() {
        long faults = faulty.values().stream().filter(isFault -> isFault).count();
        return Stream.concat(
                        Stream.of("%-18s %12s %14s".formatted("gate", "faults found", "false alarms")),
                        passed.keySet().stream()
                                .map(gate -> "%-18s %5d of %3d %7d of %3d"
                                        .formatted(
                                                gate,
                                                count(gate, true, false),
                                                faults,
                                                count(gate, false, false),
                                                faulty.size() - faults)))
                .toList();
    }

    @Override
    public void close() {}
}
