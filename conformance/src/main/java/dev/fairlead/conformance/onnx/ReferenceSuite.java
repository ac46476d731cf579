package dev.fairlead.conformance.onnx;

import dev.fairlead.conformance.Outcome;
import dev.fairlead.conformance.Suite;
import dev.fairlead.conformance.Tools;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.onnx.OnnxFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Folders of the wheel's cases in the float64 interpreter. */
public final class ReferenceSuite implements Suite {
    private final String name;
    private final List<String> folders;
    private final Tools tools;

    public ReferenceSuite(String name, List<String> folders, Tools tools) {
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
        for (String folder : folders) {
            for (OnnxCase found : OnnxCase.in(data.resolve(folder))) {
                if (selected.test(found.name())) {
                    report.add(found.name(), run(found));
                }
            }
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a process boundary: whatever a case throws is its outcome
    private static Outcome run(OnnxCase found) {
        try (OnnxFile file = OnnxFile.open(found.model());
                Arena arena = Arena.ofConfined()) {
            Interpreter interpreter = new Interpreter(file.model());
            for (Path set : found.sets()) {
                OnnxCase.Data data = OnnxCase.read(set, file.model(), arena);
                Map<String, Datum> inputs = new LinkedHashMap<>();
                data.inputs().forEach((name, content) -> inputs.put(name, Datum.of(content)));
                Map<String, Content> outputs = new LinkedHashMap<>();
                interpreter.run(inputs).forEach((name, datum) -> outputs.put(name, datum.content()));
                Optional<String> difference = new Comparison(Tolerance.ONNX).difference(data.outputs(), outputs);
                if (difference.isPresent()) {
                    return new Outcome.Failed(difference.get());
                }
            }
            return new Outcome.Passed();
        } catch (Exception | StackOverflowError e) {
            return Outcome.of(e);
        }
    }
}
