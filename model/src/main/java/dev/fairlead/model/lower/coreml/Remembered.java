package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.CoremlMetadata;
import dev.fairlead.model.coreml.Description;
import dev.fairlead.model.coreml.Feature;
import dev.fairlead.model.coreml.FeatureType;
import dev.fairlead.model.coreml.FeatureType.ArrayType;
import dev.fairlead.model.coreml.FeatureType.DefaultValue;
import dev.fairlead.model.coreml.FeatureType.Flexibility;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a graph's metadata say of the Core ML model that it once was, so that it becomes the same again. */
final class Remembered {
    private final Map<String, String> metadata;
    private final Map<String, String> states = new TreeMap<>();
    private final Map<String, String> after = new HashMap<>();

    Remembered(Map<String, String> metadata, Graph graph) {
        this.metadata = metadata;
        Set<String> outputs = graph.outputs().stream().map(Value::name).collect(Collectors.toSet());
        for (Value input : graph.inputs()) {
            String next = metadata.get(CoremlMetadata.STATE + input.name());
            if (next != null && outputs.contains(next)) {
                states.put(input.name(), next);
                after.put(next, input.name());
            }
        }
    }

    boolean isState(String input) {
        return states.containsKey(input);
    }

    /** The state that an output holds after a call. */
    Optional<String> stateAfter(String output) {
        return Optional.ofNullable(after.get(output));
    }

    /** The shapes that an input had, where they still suit it; the first is the one that is used where nothing else is said. */
    Optional<Shapes> shapes(String input, List<Dim> dims) {
        Optional<Flexibility> flexibility =
                Optional.ofNullable(metadata.get(CoremlMetadata.SHAPES + input)).flatMap(CoremlMetadata::flexibility);
        Optional<List<Long>> usual =
                Optional.ofNullable(metadata.get(CoremlMetadata.SHAPE + input)).flatMap(CoremlMetadata::shape);
        return flexibility.isPresent()
                        && usual.isPresent()
                        && suits(usual.get(), dims)
                        && suits(flexibility.get(), dims)
                ? Optional.of(new Shapes(usual.get(), flexibility.get()))
                : Optional.empty();
    }

    record Shapes(List<Long> usual, Flexibility flexibility) {}

    private static boolean suits(Flexibility flexibility, List<Dim> dims) {
        return switch (flexibility) {
            case Flexibility.Fixed() -> false;
            case Flexibility.Enumerated(var shapes) -> shapes.stream().allMatch(shape -> suits(shape, dims));
            case Flexibility.Ranges(var sizes) ->
                suits(sizes.stream().map(FeatureType.SizeRange::lower).toList(), dims)
                        && suits(
                                sizes.stream().map(FeatureType.SizeRange::upper).toList(), dims);
        };
    }

    private static boolean suits(List<Long> shape, List<Dim> dims) {
        boolean suits = shape.size() == dims.size();
        for (int i = 0; suits && i < dims.size(); i++) {
            suits = !(dims.get(i) instanceof Dim.Fixed(long size)) || shape.get(i) == size;
        }
        return suits;
    }

    Feature.Presence presence(String input) {
        return metadata.containsKey(CoremlMetadata.OPTIONAL + input)
                ? Feature.Presence.OPTIONAL
                : Feature.Presence.REQUIRED;
    }

    /** What an input left out is filled with. */
    Optional<DefaultValue> otherwise(String input, ArrayType element) {
        String text = metadata.get(CoremlMetadata.DEFAULT + input);
        if (text == null) {
            return Optional.empty();
        }
        try {
            double number = Double.parseDouble(text);
            return Optional.of(
                    switch (element) {
                        case INT32, INT8 -> new DefaultValue.Int((int) number);
                        case FLOAT64 -> new DefaultValue.Real64(number);
                        case FLOAT32, FLOAT16 -> new DefaultValue.Real((float) number);
                    });
        } catch (NumberFormatException e) {
            throw Refusals.unsupported("its default " + text + " is no number");
        }
    }

    String text(String feature) {
        return metadata.getOrDefault(CoremlMetadata.TEXT + feature, "");
    }

    /** What a feature was that is a plain tensor now. */
    Optional<String> lost(String feature) {
        return Optional.ofNullable(metadata.get(CoremlMetadata.IMAGE + feature))
                .map(image -> "was an image, " + image + ", and is its pixels")
                .or(() -> Optional.ofNullable(metadata.get(CoremlMetadata.LABELS + feature))
                        .map(labels -> "was a classifier's, whose labels are in the metadata"));
    }

    /**
     * The model's own words, and all other metadata as they are.
     *
     * @param carried more of them
     */
    Description.Metadata description(Map<String, String> carried) {
        Map<String, String> rest = new TreeMap<>(metadata);
        rest.keySet()
                .removeIf(key -> key.startsWith(CoremlMetadata.STATE)
                        || key.startsWith(CoremlMetadata.SHAPES)
                        || key.startsWith(CoremlMetadata.SHAPE)
                        || key.startsWith(CoremlMetadata.OPTIONAL)
                        || key.startsWith(CoremlMetadata.DEFAULT)
                        || key.startsWith(CoremlMetadata.TEXT)
                        || key.startsWith(CoremlMetadata.USER));
        String description = taken(CoremlMetadata.DESCRIPTION, rest);
        String version = taken(CoremlMetadata.VERSION, rest);
        String author = taken(CoremlMetadata.AUTHOR, rest);
        String license = taken(CoremlMetadata.LICENSE, rest);
        metadata.forEach((key, value) -> {
            if (key.startsWith(CoremlMetadata.USER)) {
                rest.put(key.substring(CoremlMetadata.USER.length()), value);
            }
        });
        rest.putAll(carried);
        return new Description.Metadata(description, version, author, license, rest);
    }

    private static String taken(String key, Map<String, String> from) {
        String value = from.remove(key);
        return value == null ? "" : value;
    }
}
