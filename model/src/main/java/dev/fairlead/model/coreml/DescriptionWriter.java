package dev.fairlead.model.coreml;

import dev.fairlead.model.protobuf.Message;

/** Writes ModelDescription. */
final class DescriptionWriter {
    private DescriptionWriter() {}

    static void write(Description description, Message out) {
        Description.Signature main = description.main();
        main.inputs().forEach(feature -> out.message(1, message -> feature(feature, message)));
        main.outputs().forEach(feature -> out.message(10, message -> feature(feature, message)));
        out.text(11, main.predictedFeature());
        out.text(12, main.predictedProbabilities());
        main.states().forEach(feature -> out.message(13, message -> feature(feature, message)));
        description.functions().forEach(function -> out.message(20, message -> function(function, message)));
        out.text(21, description.defaultFunction());
        if (!description.metadata().equals(Description.Metadata.NONE)) {
            out.message(100, message -> metadata(description.metadata(), message));
        }
    }

    private static void function(Description.NamedSignature function, Message out) {
        Description.Signature signature = function.signature();
        out.text(1, function.name());
        signature.inputs().forEach(feature -> out.message(2, message -> feature(feature, message)));
        signature.outputs().forEach(feature -> out.message(3, message -> feature(feature, message)));
        out.text(4, signature.predictedFeature());
        out.text(5, signature.predictedProbabilities());
        signature.states().forEach(feature -> out.message(6, message -> feature(feature, message)));
    }

    private static void metadata(Description.Metadata metadata, Message out) {
        out.text(1, metadata.description());
        out.text(2, metadata.version());
        out.text(3, metadata.author());
        out.text(4, metadata.license());
        out.entries(100, metadata.userDefined());
    }

    private static void feature(Feature feature, Message out) {
        out.text(1, feature.name());
        out.text(2, feature.description());
        out.message(3, message -> {
            type(feature.type(), message);
            if (feature.presence() == Feature.Presence.OPTIONAL) {
                message.number(1000, 1);
            }
        });
    }

    private static void type(FeatureType type, Message out) {
        switch (type) {
            case FeatureType.Int64() -> out.message(1, message -> {});
            case FeatureType.Real64() -> out.message(2, message -> {});
            case FeatureType.Text() -> out.message(3, message -> {});
            case FeatureType.Image image -> out.message(4, message -> image(image, message));
            case FeatureType.MultiArray array -> out.message(5, message -> array(array, message));
            case FeatureType.Dictionary(var key) ->
                out.message(
                        6, message -> message.message(key == FeatureType.Dictionary.Key.INT64 ? 1 : 2, empty -> {}));
            case FeatureType.Sequence(var element, var size) ->
                out.message(7, message -> {
                    message.message(element == FeatureType.Dictionary.Key.INT64 ? 1 : 3, empty -> {});
                    size.ifPresent(range -> message.message(101, part -> range(range, part)));
                });
            case FeatureType.State(var array) ->
                out.message(8, message -> message.message(1, part -> array(array, part)));
        }
    }

    private static void array(FeatureType.MultiArray array, Message out) {
        if (!array.shape().isEmpty()) {
            out.packedNumbers(1, array.shape());
        }
        out.number(2, array.element().code());
        switch (array.flexibility()) {
            case FeatureType.Flexibility.Fixed() -> {}
            case FeatureType.Flexibility.Enumerated(var shapes) ->
                out.message(
                        21,
                        message -> shapes.forEach(shape -> message.message(1, part -> {
                            if (!shape.isEmpty()) {
                                part.packedNumbers(1, shape);
                            }
                        })));
            case FeatureType.Flexibility.Ranges(var ranges) ->
                out.message(31, message -> ranges.forEach(range -> message.message(1, part -> range(range, part))));
        }
        array.otherwise().ifPresent(otherwise -> {
            switch (otherwise) {
                case FeatureType.DefaultValue.Int(int value) -> out.number(41, value);
                case FeatureType.DefaultValue.Real(float value) -> out.real(51, value);
                case FeatureType.DefaultValue.Real64(double value) -> out.real64(61, value);
            }
        });
    }

    private static void image(FeatureType.Image image, Message out) {
        out.nonZero(1, image.width());
        out.nonZero(2, image.height());
        out.nonZero(3, image.colorSpace());
        switch (image.flexibility()) {
            case FeatureType.ImageFlexibility.Fixed() -> {}
            case FeatureType.ImageFlexibility.Enumerated(var sizes) ->
                out.message(
                        21,
                        message -> sizes.forEach(size -> message.message(1, part -> {
                            part.nonZero(1, size.width());
                            part.nonZero(2, size.height());
                        })));
            case FeatureType.ImageFlexibility.Ranges(var width, var height) ->
                out.message(31, message -> {
                    message.message(1, part -> range(width, part));
                    message.message(2, part -> range(height, part));
                });
        }
    }

    private static void range(FeatureType.SizeRange range, Message out) {
        out.nonZero(1, range.lower());
        out.nonZero(2, range.upper());
    }
}
