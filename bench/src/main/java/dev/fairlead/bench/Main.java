package dev.fairlead.bench;

import dev.fairlead.bench.control.ArtifactThroughput;
import dev.fairlead.bench.control.JobsPerSecond;
import dev.fairlead.bench.control.SubmitToStart;
import dev.fairlead.bench.convert.ConvertMemory;
import dev.fairlead.bench.convert.ConvertThroughput;
import dev.fairlead.bench.convert.ConvertVsCoremltools;
import dev.fairlead.bench.convert.ConvertVsPeers;
import dev.fairlead.bench.parity.ParityPass;
import dev.fairlead.bench.parity.ParityTwoCores;
import dev.fairlead.bench.parity.ParityVsNumpy;
import dev.fairlead.bench.parity.ParityVsPeers;
import dev.fairlead.bench.runtime.RuntimeOverhead;
import dev.fairlead.model.tensor.DType;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs benchmarks and prints their ratios. Exits with 1 where one failed or missed its target, 2 on a wrong use. */
@Command(
        name = "fairlead bench",
        mixinStandardHelpOptions = true,
        description = "Measures Fairlead against the least that has to be done, side by side.")
public final class Main implements Callable<Integer> {
    private static final Map<String, Function<Scale, Benchmark>> BENCHMARKS = benchmarks();

    @Spec
    @Nullable private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Which benchmarks; all by default.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the results there.")
    @Nullable private Path json;

    @Option(names = "--list", description = "Prints the names.")
    private boolean list;

    @Option(names = "--quick", description = "Fewer and smaller measurements: shows that it works, proves nothing.")
    private boolean quick;

    private static Map<String, Function<Scale, Benchmark>> benchmarks() {
        Map<String, Function<Scale, Benchmark>> all = new LinkedHashMap<>();
        all.put(JobsPerSecond.NAME, JobsPerSecond::new);
        all.put(SubmitToStart.NAME, SubmitToStart::new);
        all.put(ArtifactThroughput.NAME, ArtifactThroughput::new);
        all.put(RuntimeOverhead.NAME, RuntimeOverhead::new);
        all.put(ParityVsPeers.NAME, ParityVsPeers::new);
        all.put("parity-pass", scale -> ParityPass.float32("parity-pass", scale));
        all.put("parity-pass-fp16", scale -> ParityPass.half("parity-pass-fp16", DType.FLOAT16, scale));
        all.put("parity-pass-bf16", scale -> ParityPass.half("parity-pass-bf16", DType.BFLOAT16, scale));
        all.put(ParityTwoCores.NAME, ParityTwoCores::new);
        all.put(ParityVsNumpy.NAME, ParityVsNumpy::new);
        all.put(ConvertThroughput.NAME, ConvertThroughput::new);
        all.put(ConvertMemory.NAME, ConvertMemory::new);
        all.put(ConvertVsCoremltools.NAME, ConvertVsCoremltools::new);
        all.put(ConvertVsPeers.NAME, ConvertVsPeers::new);
        return all;
    }

    /** Starts the program. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main());
    }

    @Override
    public Integer call() throws Exception {
        CommandLine command = java.util.Objects.requireNonNull(spec).commandLine();
        PrintWriter out = command.getOut();
        if (list) {
            BENCHMARKS.keySet().forEach(out::println);
            return 0;
        }
        for (String name : names) {
            if (!BENCHMARKS.containsKey(name)) {
                throw new CommandLine.ParameterException(
                        command, "no benchmark is called " + name + "; --list prints their names");
            }
        }
        Scale scale = quick ? Scale.QUICK : Scale.FULL;
        out.println(Environment.here().text());
        out.println(quick ? "quick run, 3 pairs: not to be quoted\n" : scale.pairs() + " interleaved pairs each\n");
        out.println(Table.header());
        out.flush();
        List<Result> results = new ArrayList<>();
        boolean good = true;
        for (Map.Entry<String, Function<Scale, Benchmark>> entry : BENCHMARKS.entrySet()) {
            if (names.isEmpty() || names.contains(entry.getKey())) {
                good &= run(entry.getKey(), entry.getValue().apply(scale), scale, results, out);
            }
        }
        if (json != null) {
            ResultsJson.write(json, results);
        }
        return good ? 0 : 1;
    }

    /** One benchmark that fails leaves the others to be measured. */
    private static boolean run(String name, Benchmark benchmark, Scale scale, List<Result> results, PrintWriter out) {
        try {
            Result result = new Harness(scale).measure(benchmark);
            results.add(result);
            out.println(Table.row(result));
            result.details().forEach(line -> out.println("  " + line));
            // A quick run is too noisy to miss a target.
            return result.reached() || scale == Scale.QUICK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Exception e) {
            out.println(Table.failed(name, e));
            return false;
        } finally {
            out.flush();
        }
    }
}
