package dev.fairlead.model.coreml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model says of itself.
 *
 * @param main the one function's features; all empty where {@code functions} says them
 * @param functions features by function, for a model of several
 * @param defaultFunction which of them runs unless another is asked for; empty where there is one
 */
public record Description(Signature main, List<NamedSignature> functions, String defaultFunction, Metadata metadata) {
    public Description {
        functions = List.copyOf(functions);
    }

    /** A model of one function. */
    public static Description of(Signature main, Metadata metadata) {
        return new Description(main, List.of(), "", metadata);
    }

    public record NamedSignature(String name, Signature signature) {}

    /**
     * What a function takes and gives.
     *
     * @param predictedFeature output that is a classifier's label, or empty
     * @param predictedProbabilities output that is a classifier's probabilities, or empty
     */
    public record Signature(
            List<Feature> inputs,
            List<Feature> outputs,
            List<Feature> states,
            String predictedFeature,
            String predictedProbabilities) {
        public static final Signature NONE = new Signature(List.of(), List.of(), List.of());

        public Signature {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
            states = List.copyOf(states);
        }

        public Signature(List<Feature> inputs, List<Feature> outputs, List<Feature> states) {
            this(inputs, outputs, states, "", "");
        }
    }

    /** Text for people, and whatever a tool noted. */
    public record Metadata(
            String description, String version, String author, String license, Map<String, String> userDefined) {
        public static final Metadata NONE = new Metadata("", "", "", "", Map.of());

        public Metadata {
            userDefined = Collections.unmodifiableMap(new LinkedHashMap<>(userDefined));
        }
    }
}
