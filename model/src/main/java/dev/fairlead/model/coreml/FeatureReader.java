package dev.fairlead.model.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.protobuf.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads FeatureDescription and FeatureType. Field numbers are those of coremltools 9.0's {@code FeatureTypes.proto}. */
final class FeatureReader {
    private final Wire wire;

    FeatureReader(Wire wire) {
        this.wire = wire;
    }

    private static final class Parts {
        String name = "";
        String description = "";

        @Nullable FeatureType type;

        Feature.Presence presence = Feature.Presence.REQUIRED;
    }

    Feature read() {
        Parts parts = new Parts();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> parts.name = wire.text(field, "name");
                case 2 -> parts.description = wire.text(field, "shortDescription");
                case 3 -> wire.message(field, "type", () -> type(parts));
                default -> throw wire.unknown(field, "FeatureDescription");
            }
        });
        FeatureType type = parts.type;
        if (type == null) {
            throw wire.error(ErrorCode.MALFORMED, "type", "is missing");
        }
        return new Feature(parts.name, parts.description, type, parts.presence);
    }

    private void type(Parts parts) {
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> {
                    empty(field, "int64Type");
                    parts.type = new FeatureType.Int64();
                }
                case 2 -> {
                    empty(field, "doubleType");
                    parts.type = new FeatureType.Real64();
                }
                case 3 -> {
                    empty(field, "stringType");
                    parts.type = new FeatureType.Text();
                }
                case 4 -> wire.message(field, "imageType", () -> parts.type = image());
                case 5 -> wire.message(field, "multiArrayType", () -> parts.type = array());
                case 6 -> wire.message(field, "dictionaryType", () -> parts.type = new FeatureType.Dictionary(key()));
                case 7 -> wire.message(field, "sequenceType", () -> parts.type = sequence());
                case 8 -> wire.message(field, "stateType", () -> parts.type = state());
                case 1000 -> {
                    if (wire.number(field, "isOptional") != 0) {
                        parts.presence = Feature.Presence.OPTIONAL;
                    }
                }
                default -> throw wire.unknown(field, "FeatureType");
            }
        });
    }

    private static final class ArrayParts {
        final List<Long> shape = new ArrayList<>();
        long type;
        FeatureType.Flexibility flexibility = new FeatureType.Flexibility.Fixed();
        Optional<FeatureType.DefaultValue> otherwise = Optional.empty();
    }

    private FeatureType.MultiArray array() {
        ArrayParts parts = new ArrayParts();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> wire.numbers(field, "shape", parts.shape);
                case 2 -> parts.type = wire.number(field, "dataType");
                case 21 -> wire.message(field, "enumeratedShapes", () -> parts.flexibility = enumerated());
                case 31 ->
                    wire.message(
                            field,
                            "shapeRange",
                            () -> parts.flexibility = new FeatureType.Flexibility.Ranges(ranges()));
                case 41 ->
                    parts.otherwise =
                            Optional.of(new FeatureType.DefaultValue.Int((int) wire.number(field, "intDefaultValue")));
                case 51 ->
                    parts.otherwise =
                            Optional.of(new FeatureType.DefaultValue.Real(wire.real(field, "floatDefaultValue")));
                case 61 ->
                    parts.otherwise =
                            Optional.of(new FeatureType.DefaultValue.Real64(wire.real64(field, "doubleDefaultValue")));
                default -> throw wire.unknown(field, "ArrayFeatureType");
            }
        });
        FeatureType.ArrayType element = FeatureType.ArrayType.parse(parts.type)
                .orElseThrow(() -> wire.error(
                        ErrorCode.UNSUPPORTED, "dataType", parts.type + " is no type that this reader knows"));
        return new FeatureType.MultiArray(element, parts.shape, parts.flexibility, parts.otherwise);
    }

    private FeatureType.Flexibility enumerated() {
        List<List<Long>> shapes = new ArrayList<>();
        wire.fields(field -> {
            if (field.number() != 1) {
                throw wire.unknown(field, "EnumeratedShapes");
            }
            List<Long> shape = new ArrayList<>();
            wire.message(
                    field,
                    "shapes[" + shapes.size() + "]",
                    () -> wire.fields(part -> {
                        if (part.number() != 1) {
                            throw wire.unknown(part, "Shape");
                        }
                        wire.numbers(part, "shape", shape);
                    }));
            shapes.add(shape);
        });
        return new FeatureType.Flexibility.Enumerated(shapes);
    }

    private List<FeatureType.SizeRange> ranges() {
        List<FeatureType.SizeRange> ranges = new ArrayList<>();
        wire.fields(field -> {
            if (field.number() != 1) {
                throw wire.unknown(field, "ShapeRange");
            }
            wire.message(field, "sizeRanges[" + ranges.size() + "]", () -> ranges.add(range()));
        });
        return ranges;
    }

    private FeatureType.SizeRange range() {
        long[] bounds = {0, 0};
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> bounds[0] = wire.number(field, "lowerBound");
                case 2 -> bounds[1] = wire.number(field, "upperBound");
                default -> throw wire.unknown(field, "SizeRange");
            }
        });
        return new FeatureType.SizeRange(bounds[0], bounds[1]);
    }

    private FeatureType state() {
        List<FeatureType.MultiArray> array = new ArrayList<>();
        wire.fields(field -> {
            if (field.number() != 1) {
                throw wire.unknown(field, "StateFeatureType");
            }
            wire.message(field, "arrayType", () -> array.add(array()));
        });
        if (array.isEmpty()) {
            throw wire.error(ErrorCode.MALFORMED, "arrayType", "is missing");
        }
        return new FeatureType.State(array.getLast());
    }

    private FeatureType image() {
        long[] numbers = {0, 0, 0};
        List<FeatureType.ImageFlexibility> flexibility =
                new ArrayList<>(List.of(new FeatureType.ImageFlexibility.Fixed()));
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> numbers[0] = wire.number(field, "width");
                case 2 -> numbers[1] = wire.number(field, "height");
                case 3 -> numbers[2] = wire.number(field, "colorSpace");
                case 21 -> wire.message(field, "enumeratedSizes", () -> flexibility.add(imageSizes()));
                case 31 -> wire.message(field, "imageSizeRange", () -> flexibility.add(imageRanges()));
                default -> throw wire.unknown(field, "ImageFeatureType");
            }
        });
        return new FeatureType.Image(numbers[0], numbers[1], numbers[2], flexibility.getLast());
    }

    private FeatureType.ImageFlexibility imageSizes() {
        List<FeatureType.ImageSize> sizes = new ArrayList<>();
        wire.fields(field -> {
            if (field.number() != 1) {
                throw wire.unknown(field, "EnumeratedImageSizes");
            }
            long[] size = {0, 0};
            wire.message(
                    field,
                    "sizes[" + sizes.size() + "]",
                    () -> wire.fields(part -> {
                        switch (part.number()) {
                            case 1 -> size[0] = wire.number(part, "width");
                            case 2 -> size[1] = wire.number(part, "height");
                            default -> throw wire.unknown(part, "ImageSize");
                        }
                    }));
            sizes.add(new FeatureType.ImageSize(size[0], size[1]));
        });
        return new FeatureType.ImageFlexibility.Enumerated(sizes);
    }

    private FeatureType.ImageFlexibility imageRanges() {
        FeatureType.SizeRange[] ranges = {new FeatureType.SizeRange(0, 0), new FeatureType.SizeRange(0, 0)};
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> wire.message(field, "widthRange", () -> ranges[0] = range());
                case 2 -> wire.message(field, "heightRange", () -> ranges[1] = range());
                default -> throw wire.unknown(field, "ImageSizeRange");
            }
        });
        return new FeatureType.ImageFlexibility.Ranges(ranges[0], ranges[1]);
    }

    private FeatureType.Dictionary.Key key() {
        List<FeatureType.Dictionary.Key> key = new ArrayList<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> {
                    empty(field, "int64KeyType");
                    key.add(FeatureType.Dictionary.Key.INT64);
                }
                case 2 -> {
                    empty(field, "stringKeyType");
                    key.add(FeatureType.Dictionary.Key.TEXT);
                }
                default -> throw wire.unknown(field, "DictionaryFeatureType");
            }
        });
        return required(key, "KeyType");
    }

    private FeatureType sequence() {
        List<FeatureType.Dictionary.Key> element = new ArrayList<>();
        List<FeatureType.SizeRange> size = new ArrayList<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> {
                    empty(field, "int64Type");
                    element.add(FeatureType.Dictionary.Key.INT64);
                }
                case 3 -> {
                    empty(field, "stringType");
                    element.add(FeatureType.Dictionary.Key.TEXT);
                }
                case 101 -> wire.message(field, "sizeRange", () -> size.add(range()));
                default -> throw wire.unknown(field, "SequenceFeatureType");
            }
        });
        return new FeatureType.Sequence(
                required(element, "Type"), size.isEmpty() ? Optional.empty() : Optional.of(size.getLast()));
    }

    private <T> T required(List<T> found, String name) {
        if (found.isEmpty()) {
            throw wire.error(ErrorCode.MALFORMED, name, "is missing");
        }
        return found.getLast();
    }

    private void empty(Wire.Field field, String name) {
        wire.message(
                field,
                name,
                () -> wire.fields(part -> {
                    throw wire.unknown(part, name);
                }));
    }
}
