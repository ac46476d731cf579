package dev.fairlead.conformance.coreml;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.conformance.Folders;
import dev.fairlead.conformance.Outcome;
import dev.fairlead.conformance.Suite;
import dev.fairlead.conformance.Tools;
import dev.fairlead.conformance.Worker;
import dev.fairlead.conformance.onnx.Comparison;
import dev.fairlead.conformance.onnx.OnnxCase;
import dev.fairlead.conformance.onnx.Tolerance;
import dev.fairlead.model.coreml.CoremlPackageWriter;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.onnx.OnnxFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Folders of the wheel's cases, converted to a Core ML package, which coremltools' loader checks, and back to ONNX, which ONNX Runtime
 * runs. Inputs that MIL wants as constants are made constants with the case's own numbers.
 */
public final class CoremlSuite implements Suite {
    private final String name;
    private final List<String> folders;
    private final Tools tools;

    public CoremlSuite(String name, List<String> folders, Tools tools) {
        this.name = name;
        this.folders = List.copyOf(folders);
        this.tools = tools;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(Predicate<String> selected, Report report) throws IOException {
        Path data = tools.onnxData();
        Path folder = Files.createTempDirectory("fairlead-coreml");
        try (Worker loader = new Worker(tools, "coreml_check.py")) {
            for (String source : folders) {
                for (OnnxCase found : OnnxCase.in(data.resolve(source))) {
                    if (selected.test(found.name())) {
                        report.add(found.name(), run(found, folder, loader, report));
                    }
                }
            }
        } finally {
            Folders.delete(folder);
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a process boundary: whatever a case throws is its outcome
    private static Outcome run(OnnxCase found, Path folder, Worker loader, Report report) {
        try (OnnxFile file = OnnxFile.open(found.model());
                Arena arena = Arena.ofConfined()) {
            Outcome last = new Outcome.Unsupported("a case without data");
            for (Path set : found.sets()) {
                last = run(file, OnnxCase.read(set, file.model(), arena), folder, loader, report);
                if (!(last instanceof Outcome.Passed)) {
                    return last;
                }
            }
            return last;
        } catch (Exception | StackOverflowError e) {
            return Outcome.of(e);
        }
    }

    private static Outcome run(OnnxFile file, OnnxCase.Data data, Path folder, Worker loader, Report report)
            throws Exception {
        Specialised specialised = Specialised.of(file.model(), data.inputs());
        Path target = folder.resolve("model.mlpackage");
        CoremlPackageWriter.write(specialised.program().model(), target);
        JsonNode answer = loader.ask(Map.of("package", target.toString()));
        if (answer.has("error")) {
            return new Outcome.Failed("coremltools: " + answer.get("error").asText());
        }
        Map<String, Content> outputs = Returned.run(target, folder, data.inputs());
        Comparison comparison = new Comparison(Tolerance.ONNX);
        Optional<String> difference = comparison.difference(data.outputs(), outputs);
        if (difference.isEmpty()) {
            if (!specialised.inputs().isEmpty()) {
                report.note("inputs were made constants, for MIL wants them so");
            }
            return new Outcome.Passed();
        }
        return comparison.isNoise(data.outputs(), outputs)
                ? new Outcome.Unsupported("the case's own rounding is larger than the tolerance, so it proves nothing")
                : new Outcome.Failed(difference.get());
    }
}
