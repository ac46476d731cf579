package dev.fairlead.conformance.mlx;

import dev.fairlead.conformance.Folders;
import dev.fairlead.conformance.Outcome;
import dev.fairlead.conformance.Suite;
import dev.fairlead.conformance.Tools;
import dev.fairlead.model.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The cases that Python scripts export, MLX to ONNX, ONNX Runtime against MLX. */
public final class MlxSuite implements Suite {
    private final String name;
    private final List<String> scripts;
    private final Tools tools;

    /** @param scripts in {@code conformance/python}, each of which fills a folder with cases */
    public MlxSuite(String name, List<String> scripts, Tools tools) {
        this.name = name;
        this.scripts = List.copyOf(scripts);
        this.tools = tools;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(Predicate<String> selected, Report report) throws IOException {
        Path folder = Files.createTempDirectory("fairlead-mlx-");
        try {
            for (String script : scripts) {
                Path cases = folder.resolve(script);
                tools.script(script, cases.toString());
                for (Json entry :
                        Json.read(cases.resolve("cases.json")).field("cases").items()) {
                    String found = entry.field("case").text();
                    String label = script + "/" + found;
                    if (selected.test(label)) {
                        report.add(label, run(entry, cases.resolve(found), folder.resolve("converted")));
                    }
                }
            }
        } finally {
            Folders.delete(folder);
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a process boundary: whatever a case throws is its outcome
    private static Outcome run(Json entry, Path folder, Path converted) throws IOException {
        Optional<Outcome> without = withoutExport(entry);
        if (without.isPresent()) {
            return without.get();
        }
        try {
            return new MlxCase(folder, converted).run();
        } catch (Exception | StackOverflowError e) {
            return Outcome.of(e);
        } finally {
            Folders.delete(converted);
        }
    }

    /** The outcome of a case that could not be exported. */
    static Optional<Outcome> withoutExport(Json entry) {
        Optional<Outcome> byMlx = entry.optional("not_exportable")
                .map(reason -> new Outcome.Unsupported("MLX itself cannot export it: " + withoutShapes(reason.text())));
        return byMlx.or(() -> entry.optional("refused")
                .map(reason -> new Outcome.Unsupported("the exporter refuses it: " + reason.text())));
    }

    /** Reasons are counted, so they name no case's shapes or lines. */
    private static String withoutShapes(String reason) {
        int primitive = reason.lastIndexOf("[");
        return primitive < 0 ? reason : reason.substring(primitive);
    }
}
