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

/**
 * The cases that Python scripts export, in float64 twice: the trace in {@code fairlead.reference}, its conversion in the interpreter.
 * What differs by more than rounding is a conversion that means something else.
 */
public final class MlxReferenceSuite implements Suite {
    private static final String SCRIPT = "mlx_reference";

    private final List<String> scripts;
    private final Tools tools;

    /** @param scripts in {@code conformance/python}, each of which fills a folder with cases */
    public MlxReferenceSuite(List<String> scripts, Tools tools) {
        this.scripts = List.copyOf(scripts);
        this.tools = tools;
    }

    @Override
    public String name() {
        return "mlx-reference";
    }

    @Override
    public void run(Predicate<String> selected, Report report) throws IOException {
        Path folder = Files.createTempDirectory("fairlead-mlx-reference-");
        try {
            for (String script : scripts) {
                Path cases = folder.resolve(script);
                tools.script(script, cases.toString());
                tools.script(SCRIPT, cases.toString());
                Json refused = Json.read(cases.resolve("references.json"));
                for (Json entry :
                        Json.read(cases.resolve("cases.json")).field("cases").items()) {
                    String found = entry.field("case").text();
                    String name = script + "/" + found;
                    if (selected.test(name)) {
                        Optional<String> refusal = refused.optional(found).map(Json::text);
                        report.add(name, run(entry, refusal, cases, folder.resolve("converted")));
                    }
                }
            }
        } finally {
            Folders.delete(folder);
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a process boundary: whatever a case throws is its outcome
    private Outcome run(Json entry, Optional<String> refusal, Path cases, Path converted) throws IOException {
        Optional<Outcome> without = MlxSuite.withoutExport(entry);
        if (without.isPresent()) {
            return without.get();
        }
        if (refusal.isPresent()) {
            return new Outcome.Unsupported("the reference refuses it: " + withoutPlace(refusal.get()));
        }
        String name = entry.field("case").text();
        try {
            return new MlxReferenceCase(
                            cases.resolve(name), converted, () -> tools.script(SCRIPT, cases.toString(), name))
                    .run();
        } catch (Exception | StackOverflowError e) {
            return Outcome.of(e);
        } finally {
            Folders.delete(converted);
        }
    }

    /** Reasons are counted, so they name no node. */
    private static String withoutPlace(String reason) {
        return reason.replaceFirst("^graph\\.json: nodes(\\[[0-9]+])?: ", "");
    }
}
