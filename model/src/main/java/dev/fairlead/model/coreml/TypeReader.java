package dev.fairlead.model.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.protobuf.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads ValueType and NamedValueType. */
final class TypeReader {
    private static final int MAX_RANK = 64;

    private final Wire wire;

    TypeReader(Wire wire) {
        this.wire = wire;
    }

    MilVariable variable() {
        String[] name = {""};
        List<MilType> type = new ArrayList<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> name[0] = wire.text(field, "name");
                case 2 -> wire.message(field, "type", () -> type.add(read()));
                default -> throw wire.unknown(field, "NamedValueType");
            }
        });
        return new MilVariable(name[0], last(type, "type"));
    }

    MilType read() {
        List<MilType> type = new ArrayList<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> wire.message(field, "tensorType", () -> type.add(tensor()));
                case 2 -> wire.message(field, "listType", () -> type.add(list()));
                case 3 -> wire.message(field, "tupleType", () -> type.add(tuple()));
                case 4 -> wire.message(field, "dictionaryType", () -> type.add(dictionary()));
                case 5 ->
                    wire.message(field, "stateType", () -> type.add(new MilType.OfState(inner(1, "wrappedType"))));
                default -> throw wire.unknown(field, "ValueType");
            }
        });
        return last(type, "type");
    }

    private MilType tensor() {
        List<MilType.Size> sizes = new ArrayList<>();
        long[] numbers = {0, 0};
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> numbers[0] = wire.number(field, "dataType");
                case 2 -> numbers[1] = wire.number(field, "rank");
                case 3 -> wire.message(field, "dimensions[" + sizes.size() + "]", () -> sizes.add(size()));
                case 4 -> throw wire.error(ErrorCode.UNSUPPORTED, "attributes", "of tensor types are not known here");
                default -> throw wire.unknown(field, "TensorType");
            }
        });
        if (sizes.size() > MAX_RANK) {
            throw wire.error(ErrorCode.LIMIT, "dimensions", "rank " + sizes.size() + ", more than " + MAX_RANK);
        }
        boolean variadic = sizes.stream().anyMatch(MilType.Size.Variadic.class::isInstance);
        if (!variadic && numbers[1] != sizes.size()) {
            throw wire.error(
                    ErrorCode.MALFORMED, "rank", numbers[1] + ", but there are " + sizes.size() + " dimensions");
        }
        Optional<MilDataType> element = MilDataType.parse(numbers[0]);
        return new MilType.OfTensor(
                element.orElseThrow(() -> wire.error(
                        ErrorCode.UNSUPPORTED, "dataType", numbers[0] + " is no type that this reader knows")),
                sizes);
    }

    private MilType list() {
        List<MilType> type = new ArrayList<>();
        List<MilType.Size> length = new ArrayList<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> wire.message(field, "type", () -> type.add(read()));
                case 2 -> wire.message(field, "length", () -> length.add(size()));
                default -> throw wire.unknown(field, "ListType");
            }
        });
        return new MilType.OfList(last(type, "type"), last(length, "length"));
    }

    private MilType tuple() {
        List<MilType> types = new ArrayList<>();
        wire.fields(field -> {
            if (field.number() != 1) {
                throw wire.unknown(field, "TupleType");
            }
            wire.message(field, "types[" + types.size() + "]", () -> types.add(read()));
        });
        return new MilType.OfTuple(types);
    }

    private MilType dictionary() {
        List<MilType> key = new ArrayList<>();
        List<MilType> value = new ArrayList<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> wire.message(field, "keyType", () -> key.add(read()));
                case 2 -> wire.message(field, "valueType", () -> value.add(read()));
                default -> throw wire.unknown(field, "DictionaryType");
            }
        });
        return new MilType.OfDictionary(last(key, "keyType"), last(value, "valueType"));
    }

    private MilType inner(int number, String name) {
        List<MilType> type = new ArrayList<>();
        wire.fields(field -> {
            if (field.number() != number) {
                throw wire.unknown(field, name);
            }
            wire.message(field, name, () -> type.add(read()));
        });
        return last(type, name);
    }

    private MilType.Size size() {
        List<MilType.Size> size = new ArrayList<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> wire.message(field, "constant", () -> size.add(fixed()));
                case 2 -> wire.message(field, "unknown", () -> size.add(unknown()));
                default -> throw wire.unknown(field, "Dimension");
            }
        });
        return last(size, "dimension");
    }

    private MilType.Size fixed() {
        long[] size = {0};
        wire.fields(field -> {
            if (field.number() != 1) {
                throw wire.unknown(field, "ConstantDimension");
            }
            size[0] = wire.number(field, "size");
            if (size[0] < 0) {
                throw wire.error(ErrorCode.MALFORMED, "size", Long.toUnsignedString(size[0]) + " does not fit 63 bits");
            }
        });
        return new MilType.Size.Fixed(size[0]);
    }

    private MilType.Size unknown() {
        boolean[] variadic = {false};
        wire.fields(field -> {
            if (field.number() != 1) {
                throw wire.unknown(field, "UnknownDimension");
            }
            variadic[0] = wire.number(field, "variadic") != 0;
        });
        return variadic[0] ? new MilType.Size.Variadic() : new MilType.Size.Unknown();
    }

    /** Of a field that is there once, or of a choice, of which protobuf takes the last. */
    private <T> T last(List<T> found, String name) {
        if (found.isEmpty()) {
            throw wire.error(ErrorCode.MALFORMED, name, "is missing");
        }
        return found.getLast();
    }
}
