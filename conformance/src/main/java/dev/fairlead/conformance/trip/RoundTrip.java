package dev.fairlead.conformance.trip;

import dev.fairlead.conformance.Agreement;
import dev.fairlead.conformance.Outcome;
import dev.fairlead.conformance.Retyped;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.interpret.Precision;
import dev.fairlead.model.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One model, there and back. Equal means {@link Agreement#LIMIT} in float64. Formats keep a rule's constants (the root of two in GELU, a
 * cubic's weights) in the graph's type, so that a graph may come back with the rounding of that type and no more; such a one passes
 * where the same graph with float64 in place of narrower types comes back equal, and counts as refused where the format has no float64.
 */
final class RoundTrip {
    private RoundTrip() {}

    static Outcome outcome(Model model, Map<String, Content> inputs, Route route, Path folder) throws IOException {
        Optional<String> difference = difference(model, inputs, Precision.FLOAT64, Agreement.LIMIT, route, folder);
        if (difference.isEmpty()) {
            return new Outcome.Passed();
        }
        Optional<String> beyond = route.beyond(first(model, inputs, Precision.FLOAT64));
        if (beyond.isPresent()) {
            return new Outcome.Unsupported(beyond.get());
        }
        DType narrowest = Narrowest.in(model);
        double rounding = Narrowest.rounding(narrowest);
        if (difference(model, inputs, Precision.FLOAT64, rounding, route, folder)
                        .isPresent()
                && difference(model, inputs, Precision.DECLARED, rounding, route, folder)
                        .isPresent()) {
            return new Outcome.Failed(difference.get());
        }
        if (agreesInFloat64(model, inputs, route, folder)) {
            return Retyped.PASSED;
        }
        return new Outcome.Unsupported("equal but for the rounding of " + narrowest.text()
                + ", in which a rule's constants are and an operator may round");
    }

    private static Optional<String> difference(
            Model model, Map<String, Content> inputs, Precision precision, double limit, Route route, Path folder)
            throws IOException {
        Map<String, Datum> back = route.outputs(model, inputs, Files.createTempDirectory(folder, "way"), precision);
        return Agreement.difference(back, first(model, inputs, precision), limit);
    }

    private static Map<String, Datum> first(Model model, Map<String, Content> inputs, Precision precision) {
        Map<String, Datum> data = new LinkedHashMap<>();
        inputs.forEach((name, content) -> data.put(name, Datum.of(content)));
        return new Interpreter(model, precision).run(data);
    }

    /** Whether the same graph in float64 comes back exactly; what the format or a rule doesn't take in float64 tells nothing. */
    private static boolean agreesInFloat64(Model model, Map<String, Content> inputs, Route route, Path folder)
            throws IOException {
        Map<String, Content> wide = new LinkedHashMap<>();
        inputs.forEach((name, content) -> wide.put(name, Retyped.WIDENED.of(content)));
        try {
            return difference(Retyped.WIDENED.of(model), wide, Precision.FLOAT64, Agreement.LIMIT, route, folder)
                    .isEmpty();
        } catch (ModelException e) {
            return false;
        }
    }
}
