package dev.fairlead.conformance.trip;

import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A format to go to and to come back from. */
interface Route {
    /** The format's. */
    String name();

    /**
     * What the model that came back computes, by the first model's names and types.
     *
     * @param folder for the files of the conversions
     * @throws dev.fairlead.model.ModelException UNSUPPORTED where either conversion refuses the model
     */
    Map<String, Datum> outputs(Model model, Map<String, Content> inputs, Path folder, Precision precision)
            throws IOException;

    /** Why the format can't carry these outputs of the first model; empty where it can. */
    default Optional<String> beyond(Map<String, Datum> outputs) {
        return Optional.empty();
    }
}
