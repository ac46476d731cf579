package dev.fairlead.conformance.onnx;

import dev.fairlead.conformance.Outcome;
import dev.fairlead.conformance.Suite;
import dev.fairlead.conformance.Tools;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.interpret.Precision;
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
            Outcome last = new Outcome.Unsupported("a case without data");
            for (Path set : found.sets()) {
                last = run(file.model(), OnnxCase.read(set, file.model(), arena));
                if (!(last instanceof Outcome.Passed)) {
                    return last;
                }
            }
            return last;
        } catch (Exception | StackOverflowError e) {
            return Outcome.of(e);
        }
    }

    /**
     * The wheel's outputs were computed in the declared types. Where a rounding operator follows, that may take the other of two
     * neighbours than exact arithmetic does; so what is wrong in float64 is run again with every result rounded as it is declared.
     */
    private static Outcome run(Model model, OnnxCase.Data data) {
        Map<String, Content> exact = outputs(new Interpreter(model), data);
        Comparison comparison = new Comparison(Tolerance.ONNX);
        Optional<String> difference = comparison.difference(data.outputs(), exact);
        if (difference.isEmpty()) {
            return new Outcome.Passed();
        }
        Map<String, Content> rounded = outputs(new Interpreter(model, Precision.DECLARED), data);
        if (comparison.difference(data.outputs(), rounded).isEmpty()) {
            return new Outcome.Passed();
        }
        return comparison.isNoise(data.outputs(), exact)
                ? new Outcome.Unsupported("the case's own rounding is larger than the tolerance, so it proves nothing")
                : new Outcome.Failed(difference.get());
    }

    private static Map<String, Content> outputs(Interpreter interpreter, OnnxCase.Data data) {
        Map<String, Datum> inputs = new LinkedHashMap<>();
        data.inputs().forEach((name, content) -> inputs.put(name, Datum.of(content)));
        Map<String, Content> outputs = new LinkedHashMap<>();
        interpreter.run(inputs).forEach((name, datum) -> outputs.put(name, datum.content()));
        return outputs;
    }
}
