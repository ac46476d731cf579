package dev.fairlead.model.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.protobuf.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads Value. Weights stay where they lie in the weight file; numbers in the program are decoded. */
final class ValueReader {
    private final Wire wire;
    private final TypeReader types;
    private final WeightFiles weights;

    ValueReader(Wire wire, TypeReader types, WeightFiles weights) {
        this.wire = wire;
        this.types = types;
        this.weights = weights;
    }

    /** A value's contents before its type is known: the type may follow them in the file. */
    private interface Content {
        MilValue as(MilType type);
    }

    MilValue read() {
        List<MilType> type = new ArrayList<>();
        List<Content> content = new ArrayList<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> wire.skip(field, "docString");
                case 2 -> wire.message(field, "type", () -> type.add(types.read()));
                case 3 -> wire.message(field, "immediateValue", () -> content.add(immediate()));
                case 5 -> wire.message(field, "blobFileValue", () -> content.add(blob()));
                default -> throw wire.unknown(field, "Value");
            }
        });
        if (type.isEmpty() || content.isEmpty()) {
            throw wire.error(ErrorCode.MALFORMED, type.isEmpty() ? "type" : "value", "is missing");
        }
        return content.getLast().as(type.getLast());
    }

    private Content immediate() {
        List<Content> content = new ArrayList<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 ->
                    wire.message(field, "tensor", () -> {
                        TensorParts parts = TensorParts.read(wire);
                        content.add(type -> parts.as(tensor(type), wire));
                    });
                case 2 -> {
                    List<MilValue> values = values(field, "tuple");
                    content.add(type -> new MilValue.OfTuple(expect(type, MilType.OfTuple.class), values));
                }
                case 3 -> {
                    List<MilValue> values = values(field, "list");
                    content.add(type -> new MilValue.OfList(expect(type, MilType.OfList.class), values));
                }
                case 4 -> {
                    List<MilValue.OfDictionary.Entry> entries = new ArrayList<>();
                    wire.message(field, "dictionary", () -> entries(entries));
                    content.add(type -> new MilValue.OfDictionary(expect(type, MilType.OfDictionary.class), entries));
                }
                default -> throw wire.unknown(field, "ImmediateValue");
            }
        });
        if (content.isEmpty()) {
            throw wire.error(ErrorCode.MALFORMED, "value", "is missing");
        }
        return content.getLast();
    }

    private List<MilValue> values(Wire.Field field, String name) {
        List<MilValue> values = new ArrayList<>();
        wire.message(
                field,
                name,
                () -> wire.fields(part -> {
                    if (part.number() != 1) {
                        throw wire.unknown(part, name);
                    }
                    wire.message(part, "values[" + values.size() + "]", () -> values.add(read()));
                }));
        return values;
    }

    private void entries(List<MilValue.OfDictionary.Entry> entries) {
        wire.fields(field -> {
            if (field.number() != 1) {
                throw wire.unknown(field, "DictionaryValue");
            }
            List<MilValue> key = new ArrayList<>();
            List<MilValue> value = new ArrayList<>();
            wire.message(field, "values[" + entries.size() + "]", () -> {
                wire.fields(part -> {
                    switch (part.number()) {
                        case 1 -> wire.message(part, "key", () -> key.add(read()));
                        case 2 -> wire.message(part, "value", () -> value.add(read()));
                        default -> throw wire.unknown(part, "KeyValuePair");
                    }
                });
                if (key.isEmpty() || value.isEmpty()) {
                    throw wire.error(ErrorCode.MALFORMED, key.isEmpty() ? "key" : "value", "is missing");
                }
            });
            entries.add(new MilValue.OfDictionary.Entry(key.getLast(), value.getLast()));
        });
    }

    private Content blob() {
        String[] file = {""};
        long[] offset = {0};
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> file[0] = wire.text(field, "fileName");
                case 2 -> offset[0] = wire.number(field, "offset");
                default -> throw wire.unknown(field, "BlobFileValue");
            }
        });
        return type -> {
            MilType.OfTensor tensor = tensor(type);
            return new MilValue.Stored(
                    weights.read(wire, file[0], offset[0], tensor.element(), shape(tensor)), file[0]);
        };
    }

    private MilType.OfTensor tensor(MilType type) {
        return expect(type, MilType.OfTensor.class);
    }

    private List<Long> shape(MilType.OfTensor type) {
        Optional<List<Long>> shape = type.shape();
        return shape.orElseThrow(
                () -> wire.error(ErrorCode.MALFORMED, "type", "has a size that is not known, but the value is there"));
    }

    private <T extends MilType> T expect(MilType type, Class<T> expected) {
        if (!expected.isInstance(type)) {
            throw wire.error(
                    ErrorCode.MALFORMED,
                    "value",
                    "is no " + type.getClass().getSimpleName().replace("Of", "").toLowerCase(java.util.Locale.ROOT));
        }
        return expected.cast(type);
    }
}
