package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.coreml.Description;
import dev.fairlead.model.coreml.Feature;
import dev.fairlead.model.coreml.FeatureType;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a Core ML model says beside its program, as ONNX metadata. */
final class Annotations {
    private static final String PREFIX = "fairlead.coreml.";

    private Annotations() {}

    /**
     * All entries.
     *
     * @param labels of each classifier's outputs, as a JSON list
     */
    static SortedMap<String, String> of(
            CoremlModel model,
            String function,
            Description.Signature signature,
            Map<String, String> states,
            Map<String, String> labels) {
        SortedMap<String, String> metadata = new TreeMap<>();
        metadata.put("fairlead.source", "coreml " + model.specificationVersion());
        metadata.put(PREFIX + "function", function);
        metadata.put(
                PREFIX + "functions",
                String.join(",", model.program().functions().keySet()));
        states.forEach((state, next) -> metadata.put("fairlead.state." + state, next));
        labels.forEach((output, list) -> metadata.put(PREFIX + "labels." + output, list));
        signature.inputs().forEach(input -> describe(input, metadata));
        signature.outputs().forEach(output -> describe(output, metadata));
        Description.Metadata texts = model.description().metadata();
        text("description", texts.description(), metadata);
        text("version", texts.version(), metadata);
        text("author", texts.author(), metadata);
        text("license", texts.license(), metadata);
        texts.userDefined().forEach((key, value) -> metadata.put(PREFIX + "user." + key, value));
        return metadata;
    }

    private static void text(String key, String value, Map<String, String> metadata) {
        if (!value.isEmpty()) {
            metadata.put(PREFIX + key, value);
        }
    }

    private static void describe(Feature feature, Map<String, String> metadata) {
        text("text." + feature.name(), feature.description(), metadata);
        switch (feature.type()) {
            case FeatureType.MultiArray array -> describe(feature, array, metadata);
            case FeatureType.Image image ->
                metadata.put(
                        PREFIX + "image." + feature.name(),
                        "%dx%d color space %d".formatted(image.width(), image.height(), image.colorSpace()));
            case FeatureType.State s -> {}
            case FeatureType.Int64() -> {}
            case FeatureType.Real64() -> {}
            case FeatureType.Text() -> {}
            case FeatureType.Dictionary d -> {}
            case FeatureType.Sequence s -> {}
        }
        if (feature.presence() == Feature.Presence.OPTIONAL) {
            metadata.put(PREFIX + "optional." + feature.name(), "true");
        }
    }

    /** The shapes of a flexible input: {@code 1x3x4x4,1x3x8x8}, or {@code 1..1x3..3x4..8x4..4} with {@code *} for no bound. */
    private static void describe(Feature feature, FeatureType.MultiArray array, Map<String, String> metadata) {
        switch (array.flexibility()) {
            case FeatureType.Flexibility.Fixed() -> {}
            case FeatureType.Flexibility.Enumerated(var shapes) ->
                metadata.put(
                        PREFIX + "shapes." + feature.name(),
                        shapes.stream().map(Annotations::text).collect(Collectors.joining(",")));
            case FeatureType.Flexibility.Ranges(var sizes) ->
                metadata.put(
                        PREFIX + "shapes." + feature.name(),
                        sizes.stream()
                                .map(range -> range.lower() + ".." + (range.upper() < 0 ? "*" : range.upper()))
                                .collect(Collectors.joining("x")));
        }
        array.otherwise()
                .ifPresent(value -> metadata.put(
                        PREFIX + "default." + feature.name(),
                        switch (value) {
                            case FeatureType.DefaultValue.Int(int number) -> Integer.toString(number);
                            case FeatureType.DefaultValue.Real(float number) -> Float.toString(number);
                            case FeatureType.DefaultValue.Real64(double number) -> Double.toString(number);
                        }));
        if (!(array.flexibility() instanceof FeatureType.Flexibility.Fixed)) {
            metadata.put(PREFIX + "shape." + feature.name(), text(array.shape()));
        }
    }

    private static String text(List<Long> shape) {
        return shape.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }
}
