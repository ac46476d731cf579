package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.coreml.CoremlMetadata;
import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.coreml.Description;
import dev.fairlead.model.coreml.Feature;
import dev.fairlead.model.coreml.FeatureType;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a Core ML model says beside its program, as ONNX metadata. */
final class Annotations {
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
        metadata.put(CoremlMetadata.PREFIX + "function", function);
        metadata.put(
                CoremlMetadata.PREFIX + "functions",
                String.join(",", model.program().functions().keySet()));
        states.forEach((state, next) -> metadata.put(CoremlMetadata.STATE + state, next));
        labels.forEach((output, list) -> metadata.put(CoremlMetadata.LABELS + output, list));
        signature.inputs().forEach(input -> describe(input, metadata));
        signature.outputs().forEach(output -> describe(output, metadata));
        Description.Metadata texts = model.description().metadata();
        text(CoremlMetadata.DESCRIPTION, texts.description(), metadata);
        text(CoremlMetadata.VERSION, texts.version(), metadata);
        text(CoremlMetadata.AUTHOR, texts.author(), metadata);
        text(CoremlMetadata.LICENSE, texts.license(), metadata);
        texts.userDefined().forEach((key, value) -> metadata.put(CoremlMetadata.USER + key, value));
        return metadata;
    }

    private static void text(String key, String value, Map<String, String> metadata) {
        if (!value.isEmpty()) {
            metadata.put(key, value);
        }
    }

    private static void describe(Feature feature, Map<String, String> metadata) {
        text(CoremlMetadata.TEXT + feature.name(), feature.description(), metadata);
        switch (feature.type()) {
            case FeatureType.MultiArray array -> describe(feature, array, metadata);
            case FeatureType.Image image ->
                metadata.put(
                        CoremlMetadata.IMAGE + feature.name(),
                        "%dx%d color space %d".formatted(image.width(), image.height(), image.colorSpace()));
            case FeatureType.State s -> {}
            case FeatureType.Int64() -> {}
            case FeatureType.Real64() -> {}
            case FeatureType.Text() -> {}
            case FeatureType.Dictionary d -> {}
            case FeatureType.Sequence s -> {}
        }
        if (feature.presence() == Feature.Presence.OPTIONAL) {
            metadata.put(CoremlMetadata.OPTIONAL + feature.name(), "true");
        }
    }

    private static void describe(Feature feature, FeatureType.MultiArray array, Map<String, String> metadata) {
        CoremlMetadata.text(array.flexibility()).ifPresent(shapes -> {
            metadata.put(CoremlMetadata.SHAPES + feature.name(), shapes);
            metadata.put(CoremlMetadata.SHAPE + feature.name(), CoremlMetadata.text(array.shape()));
        });
        array.otherwise()
                .ifPresent(value -> metadata.put(
                        CoremlMetadata.DEFAULT + feature.name(),
                        switch (value) {
                            case FeatureType.DefaultValue.Int(int number) -> Integer.toString(number);
                            case FeatureType.DefaultValue.Real(float number) -> Float.toString(number);
                            case FeatureType.DefaultValue.Real64(double number) -> Double.toString(number);
                        }));
    }
}
