package dev.fairlead.conformance.trip;

import dev.fairlead.conformance.Folders;
import dev.fairlead.conformance.Outcome;
import dev.fairlead.conformance.Suite;
import dev.fairlead.conformance.Tools;
import dev.fairlead.conformance.onnx.OnnxCase;
import dev.fairlead.model.convert.Conversion;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Options;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.json.Json;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.safetensors.Safetensors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The wheel's cases and what MLX' functions become, from ONNX to another format and back through files, both models in the float64 interpreter on the case's inputs.
 * What a case's author expects plays no part.
 */
public final class RoundTripSuite implements Suite {
    private static final List<Route> ROUTES = List.of(new ByCoreml(), new ByMlx());

    private final List<String> folders;
    private final List<String> scripts;
    private final Tools tools;

    /**
     * A suite over two kinds of models.
     *
     * @param folders of the wheel's test data
     * @param scripts in {@code conformance/python}, each of which fills a folder with exported MLX functions
     */
    public RoundTripSuite(List<String> folders, List<String> scripts, Tools tools) {
        this.folders = List.copyOf(folders);
        this.scripts = List.copyOf(scripts);
        this.tools = tools;
    }

    @Override
    public String name() {
        return "round-trip";
    }

    @Override
    public void run(Predicate<String> selected, Report report) throws IOException {
        Path data = tools.onnxData();
        for (String folder : folders) {
            for (OnnxCase found : OnnxCase.in(data.resolve(folder))) {
                for (Route route : ROUTES) {
                    String name = route.name() + "/" + folder + "/" + found.name();
                    if (selected.test(name)) {
                        report.add(name, run(found, route));
                    }
                }
            }
        }
        Path folder = Files.createTempDirectory("fairlead-trip-mlx");
        try {
            for (String script : scripts) {
                exported(script, folder, selected, report);
            }
        } finally {
            Folders.delete(folder);
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a process boundary: whatever a case throws is its outcome
    private static Outcome run(OnnxCase found, Route route) throws IOException {
        Path folder = Files.createTempDirectory("fairlead-trip");
        try (OnnxFile file = OnnxFile.open(found.model());
                Arena arena = Arena.ofConfined()) {
            // Other data sets of a case have other numbers only.
            OnnxCase.Data data = OnnxCase.read(found.sets().getFirst(), file.model(), arena);
            return RoundTrip.outcome(file.model(), data.inputs(), route, folder);
        } catch (Exception | StackOverflowError e) {
            return Outcome.of(e);
        } finally {
            Folders.delete(folder);
        }
    }

    /** The graphs that MLX' functions become are ONNX models like others. */
    private void exported(String script, Path folder, Predicate<String> selected, Report report) throws IOException {
        Path cases = folder.resolve(script);
        tools.script(script, cases.toString());
        for (Json entry : Json.read(cases.resolve("cases.json")).field("cases").items()) {
            String found = entry.field("case").text();
            Path onnx = folder.resolve("onnx");
            if (entry.optional("not_exportable").isPresent()
                    || entry.optional("refused").isPresent()) {
                continue;
            }
            for (Route route : ROUTES) {
                String name = route.name() + "/" + script + "/" + found;
                if (selected.test(name)) {
                    report.add(name, exported(cases.resolve(found), onnx, route));
                }
            }
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a process boundary: whatever a case throws is its outcome
    private static Outcome exported(Path source, Path onnx, Route route) throws IOException {
        Path folder = Files.createTempDirectory("fairlead-trip");
        try {
            if (Converter.convert(source, onnx, Options.defaults()) instanceof Conversion.Unsupported) {
                return new Outcome.Unsupported("there is no ONNX to begin with, see mlx-layers");
            }
            try (OnnxFile file = OnnxFile.open(onnx.resolve(OnnxWriter.MODEL));
                    Safetensors given = Safetensors.open(source.resolve("inputs.safetensors"))) {
                Map<String, Content> inputs = new LinkedHashMap<>();
                given.tensors().forEach((name, tensor) -> inputs.put(name, new Content.Dense(tensor)));
                return RoundTrip.outcome(file.model(), inputs, route, folder);
            }
        } catch (Exception | StackOverflowError e) {
            return Outcome.of(e);
        } finally {
            Folders.delete(folder);
            Folders.delete(onnx);
        }
    }
}
