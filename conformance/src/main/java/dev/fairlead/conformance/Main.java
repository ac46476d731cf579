package dev.fairlead.conformance;

import dev.fairlead.conformance.coreml.CoremlSuite;
import dev.fairlead.conformance.coreml.CoremlTorchSuite;
import dev.fairlead.conformance.coreml.TorchCases;
import dev.fairlead.conformance.mlx.MlxReferenceSuite;
import dev.fairlead.conformance.mlx.MlxSuite;
import dev.fairlead.conformance.onnx.ReferenceSuite;
import dev.fairlead.conformance.random.RandomGraphsSuite;
import dev.fairlead.conformance.replay.ReplaySuite;
import dev.fairlead.conformance.rewrite.OpsetsSuite;
import dev.fairlead.conformance.rewrite.ShapeInferenceSuite;
import dev.fairlead.conformance.trip.RoundTripSuite;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs suites and prints one line each. Exits with 1 where a case failed or a suite could not run, 2 on a wrong use. */
@Command(
        name = "fairlead conformance",
        mixinStandardHelpOptions = true,
        description = "Holds conversions and the interpreter against the formats' own tools.")
public final class Main implements Callable<Integer> {
    private static final List<String> NETS = List.of("light", "simple", "pytorch-operator", "pytorch-converted");
    private static final List<String> ALL =
            Stream.concat(Stream.of("node"), NETS.stream()).toList();

    @Spec
    @Nullable private CommandSpec spec;

    @Option(names = "--suite", paramLabel = "NAME", description = "Which suites; all by default. Can be repeated.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the counts there.")
    @Nullable private Path json;

    @Option(
            names = "--docs",
            paramLabel = "FOLDER",
            description = "Also writes the results of a run of all suites into the documents of that folder.")
    @Nullable private Path docs;

    @Option(names = "--case", paramLabel = "PATTERN", description = "Only cases in whose name this is found.")
    @Nullable private Pattern pattern;

    @Option(names = "--verbose", description = "Prints every case.")
    private boolean verbose;

    @Option(names = "--list", description = "Prints the suites' names.")
    private boolean list;

    @Option(
            names = "--torch-cases",
            paramLabel = "FOLDER",
            defaultValue = "${env:FAIRLEAD_TORCH_CASES}",
            description = "Cases of the suites that need torch, written already.")
    @Nullable private Path torchCases;

    List<Suite> suites() {
        Tools tools = Tools.common();
        TorchCases cases = new TorchCases(
                Tools.torch(), Tools.root().resolve("conformance/target"), Optional.ofNullable(torchCases));
        return List.of(
                new ReferenceSuite("onnx-node/reference", List.of("node"), tools),
                new ReferenceSuite("onnx-nets/reference", NETS, tools),
                new ReplaySuite("onnx-node/mlx", List.of("node"), tools),
                new ReplaySuite("onnx-nets/mlx", NETS, tools),
                new CoremlSuite("onnx-node/coreml", List.of("node"), tools),
                new CoremlSuite("onnx-nets/coreml", NETS, tools),
                new CoremlTorchSuite("coreml-torch", cases),
                new CoremlTorchSuite("coreml-operations", cases),
                new MlxSuite("mlx-layers", List.of("mlx_functions", "mlx_nn", "mlx_fused"), tools),
                new MlxSuite("mlx-lm", List.of("mlx_language"), tools),
                new MlxReferenceSuite(
                        List.of(
                                "mlx_functions",
                                "mlx_nn",
                                "mlx_fused",
                                "mlx_language",
                                "mlx_language_gpu",
                                "mlx_examples",
                                "mlx_examples_gpu"),
                        tools),
                new RandomGraphsSuite(tools),
                new ShapeInferenceSuite(ALL, tools),
                new OpsetsSuite(ALL, tools),
                new RoundTripSuite(ALL, List.of("mlx_functions", "mlx_nn", "mlx_fused", "mlx_language"), tools));
    }

    /** Starts the program. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        PrintWriter out = command.getOut();
        List<Suite> all = suites();
        if (list) {
            all.forEach(suite -> out.println(suite.name()));
            return 0;
        }
        for (String name : names) {
            if (all.stream().noneMatch(suite -> suite.name().equals(name))) {
                throw new CommandLine.ParameterException(
                        command, "no suite is called " + name + "; --list prints their names");
            }
        }
        if (docs != null && (pattern != null || !names.isEmpty())) {
            throw new CommandLine.ParameterException(command, "--docs takes a run of all suites and cases");
        }
        boolean good = true;
        List<Tally> tallies = new ArrayList<>();
        for (Suite suite : all) {
            if (names.isEmpty() || names.contains(suite.name())) {
                Tally tally = new Tally(suite.name());
                good &= run(suite, tally, out);
                tallies.add(tally);
                tally.lines().forEach(out::println);
                out.flush();
            }
        }
        if (json != null) {
            TallyJson.write(json, tallies);
        }
        if (docs != null) {
            Docs.write(docs, tallies, Tools.common().onnxData().resolve("node"));
        }
        return good ? 0 : 1;
    }

    private boolean run(Suite suite, Tally tally, PrintWriter out) {
        Predicate<String> selected = pattern == null ? _ -> true : pattern.asPredicate();
        try {
            suite.run(selected, new Suite.Report() {
                @Override
                public void add(String name, Outcome outcome) {
                    tally.add(name, outcome);
                    if (verbose) {
                        out.println("  " + name + ": " + outcome);
                        out.flush();
                    }
                }

                @Override
                public void note(String what) {
                    tally.note(what);
                }
            });
        } catch (IOException e) {
            out.println(suite.name() + ": could not run: " + e.getMessage());
            return false;
        }
        return tally.failed() == 0;
    }
}
