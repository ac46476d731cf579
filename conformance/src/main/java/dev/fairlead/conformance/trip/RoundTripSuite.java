package dev.fairlead.conformance.trip;

import dev.fairlead.conformance.Agreement;
import dev.fairlead.conformance.Folders;
import dev.fairlead.conformance.Outcome;
import dev.fairlead.conformance.Suite;
import dev.fairlead.conformance.Tools;
import dev.fairlead.conformance.onnx.OnnxCase;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.interpret.Precision;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.tensor.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The wheel's cases, from ONNX to another format and back through files, both models in the float64 interpreter on the case's inputs.
 * What the case's author expects plays no part.
 */
public final class RoundTripSuite implements Suite {
    private static final Outcome IN_FLOAT64 = new Outcome.PassedElsewhere(
            "the same graph with float64 for narrower types, for a rule's constants are rounded to the graph's type");
    private static final List<Route> ROUTES = List.of(new ByCoreml(), new ByMlx());

    private final List<String> folders;
    private final Tools tools;

    public RoundTripSuite(List<String> folders, Tools tools) {
        this.folders = List.copyOf(folders);
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
    }

    @SuppressWarnings("CatchingUnchecked") // a process boundary: whatever a case throws is its outcome
    private static Outcome run(OnnxCase found, Route route) throws IOException {
        Path folder = Files.createTempDirectory("fairlead-trip");
        try (OnnxFile file = OnnxFile.open(found.model());
                Arena arena = Arena.ofConfined()) {
            // Other data sets of a case have other numbers only.
            return run(file.model(), OnnxCase.read(found.sets().getFirst(), file.model(), arena), route, folder);
        } catch (Exception | StackOverflowError e) {
            return Outcome.of(e);
        } finally {
            Folders.delete(folder);
        }
    }

    private static Outcome run(Model model, OnnxCase.Data data, Route route, Path folder) throws IOException {
        Optional<String> difference =
                difference(model, data.inputs(), Precision.FLOAT64, Agreement.LIMIT, route, folder);
        if (difference.isEmpty()) {
            return new Outcome.Passed();
        }
        DType narrowest = Narrowest.in(model);
        double rounding = Narrowest.rounding(narrowest);
        if (difference(model, data.inputs(), Precision.FLOAT64, rounding, route, folder)
                        .isPresent()
                && difference(model, data.inputs(), Precision.DECLARED, rounding, route, folder)
                        .isPresent()) {
            return new Outcome.Failed(difference.get());
        }
        if (agreesInFloat64(model, data.inputs(), route, folder)) {
            return IN_FLOAT64;
        }
        return new Outcome.Unsupported("equal but for the rounding of " + narrowest.text()
                + ", in which a rule's constants are and an operator may round");
    }

    private static Optional<String> difference(
            Model model, Map<String, Content> inputs, Precision precision, double limit, Route route, Path folder)
            throws IOException {
        Map<String, Datum> back = route.outputs(model, inputs, folder, precision);
        Map<String, Datum> data = new LinkedHashMap<>();
        inputs.forEach((name, content) -> data.put(name, Datum.of(content)));
        return Agreement.difference(back, new Interpreter(model, precision).run(data), limit);
    }

    /** Whether the same graph in float64 comes back exactly; what the format or a rule doesn't take in float64 tells nothing. */
    private static boolean agreesInFloat64(Model model, Map<String, Content> inputs, Route route, Path folder)
            throws IOException {
        Map<String, Content> wide = new LinkedHashMap<>();
        inputs.forEach((name, content) -> wide.put(name, Widened.of(content)));
        try {
            return difference(Widened.of(model), wide, Precision.FLOAT64, Agreement.LIMIT, route, folder)
                    .isEmpty();
        } catch (ModelException e) {
            return false;
        }
    }
}
