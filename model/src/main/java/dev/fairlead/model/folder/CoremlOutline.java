package dev.fairlead.model.folder;

import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.coreml.CoremlPackage;
import dev.fairlead.model.coreml.Description;
import dev.fairlead.model.coreml.Feature;
import dev.fairlead.model.coreml.FeatureType;
import dev.fairlead.model.coreml.MilBlock;
import dev.fairlead.model.coreml.MilOperation;
import dev.fairlead.model.coreml.MilValue;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Outlines of Core ML models: all functions, features of the first. */
final class CoremlOutline {
    static final String MANIFEST = "Manifest.json";
    /** In a model folder. */
    static final String PACKAGE = "model.mlpackage";

    private CoremlOutline() {}

    static Outline read(Path path) {
        try (CoremlPackage opened = CoremlPackage.open(path)) {
            CoremlModel model = opened.model();
            Description description = model.description();
            Description.Signature signature = description.functions().isEmpty()
                    ? description.main()
                    : description.functions().getFirst().signature();
            List<Outline.Step> steps = new ArrayList<>();
            List<Tensor> tensors = new ArrayList<>();
            model.program()
                    .functions()
                    .forEach((name, function) ->
                            function.block().ifPresent(block -> collect(block, name, steps, tensors)));
            List<Outline.Port> inputs = new ArrayList<>(ports(signature.inputs()));
            inputs.addAll(ports(signature.states()));
            return new Outline(
                    "coreml",
                    inputs,
                    ports(signature.outputs()),
                    steps,
                    OutlineReader.weights(tensors),
                    notes(model, description));
        }
    }

    private static void collect(MilBlock block, String place, List<Outline.Step> steps, List<Tensor> tensors) {
        for (MilOperation operation : block.operations()) {
            operation.attributes().values().forEach(value -> {
                if (value instanceof MilValue.Stored stored) {
                    tensors.add(stored.tensor());
                }
            });
            if (!operation.type().equals(MilOperation.CONST)) {
                String output = operation.outputs().isEmpty()
                        ? operation.type()
                        : operation.outputs().getFirst().name();
                steps.add(new Outline.Step(output, operation.type(), output, place));
            }
            operation.blocks().forEach(inner -> collect(inner, place, steps, tensors));
        }
    }

    private static List<Outline.Port> ports(List<Feature> features) {
        return features.stream()
                .map(feature -> new Outline.Port(feature.name(), type(feature.type())))
                .toList();
    }

    private static String type(FeatureType type) {
        return switch (type) {
            case FeatureType.Int64() -> "int64";
            case FeatureType.Real64() -> "float64";
            case FeatureType.Text() -> "string";
            case FeatureType.MultiArray array -> array.element().dtype().text() + shape(array);
            case FeatureType.State(FeatureType.MultiArray array) ->
                "state " + array.element().dtype().text() + shape(array);
            case FeatureType.Image image -> "image " + image.width() + "x" + image.height();
            case FeatureType.Dictionary _ -> "map to float64";
            case FeatureType.Sequence _ -> "sequence";
        };
    }

    private static String shape(FeatureType.MultiArray array) {
        return switch (array.flexibility()) {
            case FeatureType.Flexibility.Fixed() -> array.shape().toString();
            case FeatureType.Flexibility.Enumerated(List<List<Long>> shapes) -> "one of " + shapes;
            case FeatureType.Flexibility.Ranges(List<FeatureType.SizeRange> sizes) ->
                sizes.stream()
                        .map(size -> size.lower() == size.upper()
                                ? Long.toString(size.lower())
                                : size.lower() + ".." + (size.upper() < 0 ? "*" : Long.toString(size.upper())))
                        .toList()
                        .toString();
        };
    }

    private static SortedMap<String, String> notes(CoremlModel model, Description description) {
        SortedMap<String, String> notes = new TreeMap<>(description.metadata().userDefined());
        notes.put("specification", Integer.toString(model.specificationVersion()));
        notes.put("functions", String.join(", ", model.program().functions().keySet()));
        return notes;
    }
}
