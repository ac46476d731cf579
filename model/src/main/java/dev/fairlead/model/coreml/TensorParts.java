package dev.fairlead.model.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.protobuf.Wire;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A TensorValue before its type is known. */
final class TensorParts {
    private Optional<MemorySegment> floats = Optional.empty();
    private Optional<MemorySegment> doubles = Optional.empty();
    private Optional<MemorySegment> bytes = Optional.empty();
    private Optional<List<Long>> numbers = Optional.empty();
    private Optional<List<String>> texts = Optional.empty();

    private TensorParts() {}

    static TensorParts read(Wire wire) {
        TensorParts parts = new TensorParts();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> parts.floats = Optional.of(segment(wire, field, "floats", 4));
                case 2 -> parts.numbers = Optional.of(numbers(wire, field, "ints"));
                case 3 -> parts.numbers = Optional.of(numbers(wire, field, "bools"));
                case 4 -> parts.texts = Optional.of(texts(wire, field));
                case 5 -> parts.numbers = Optional.of(numbers(wire, field, "longInts"));
                case 6 -> parts.doubles = Optional.of(segment(wire, field, "doubles", 8));
                case 7 -> parts.bytes = Optional.of(segment(wire, field, "bytes", 1));
                default -> throw wire.unknown(field, "TensorValue");
            }
        });
        return parts;
    }

    private static MemorySegment segment(Wire wire, Wire.Field field, String name, int width) {
        List<MemorySegment> found = new ArrayList<>(List.of(MemorySegment.ofArray(new byte[0])));
        wire.message(
                field,
                name,
                () -> wire.fields(part -> {
                    if (part.number() != 1 || found.size() > 1) {
                        throw part.number() == 1
                                ? wire.error(ErrorCode.UNSUPPORTED, "values", "stand in several pieces")
                                : wire.unknown(part, name);
                    }
                    found.add(wire.packedBytes(part, "values", width));
                }));
        return found.getLast();
    }

    private static List<Long> numbers(Wire wire, Wire.Field field, String name) {
        List<Long> found = new ArrayList<>();
        wire.message(
                field,
                name,
                () -> wire.fields(part -> {
                    if (part.number() != 1) {
                        throw wire.unknown(part, name);
                    }
                    wire.numbers(part, "values", found);
                }));
        return found;
    }

    private static List<String> texts(Wire wire, Wire.Field field) {
        List<String> found = new ArrayList<>();
        wire.message(
                field,
                "strings",
                () -> wire.fields(part -> {
                    if (part.number() != 1) {
                        throw wire.unknown(part, "RepeatedStrings");
                    }
                    found.add(wire.text(part, "values"));
                }));
        return found;
    }

    MilValue as(MilType.OfTensor type, Wire wire) {
        List<Long> shape = type.shape()
                .orElseThrow(() -> wire.error(
                        ErrorCode.MALFORMED, "type", "has a size that is not known, but the value is there"));
        long elements = WeightFiles.elements(wire, shape);
        Optional<DType> dtype = type.element().dtype();
        if (dtype.isEmpty()) {
            List<String> values = texts.orElse(List.of());
            requireCount(wire, values.size(), elements);
            return new MilValue.Texts(shape, values);
        }
        return new MilValue.Immediate(new Tensor(dtype.get(), shape, data(dtype.get(), elements, wire)));
    }

    private MemorySegment data(DType dtype, long elements, Wire wire) {
        Optional<MemorySegment> raw = switch (dtype) {
            case FLOAT32 -> floats.or(() -> bytes);
            case FLOAT64 -> doubles.or(() -> bytes);
            default -> bytes;
        };
        if (raw.isPresent()) {
            requireCount(wire, raw.get().byteSize(), WeightFiles.bytes(wire, dtype, elements));
            return raw.get();
        }
        if (numbers.isEmpty() || !(dtype == DType.BOOL || dtype.isInteger())) {
            if (elements == 0) {
                return MemorySegment.ofArray(new byte[0]);
            }
            throw wire.error(ErrorCode.MALFORMED, "tensor", "has no values of type " + dtype.text());
        }
        List<Long> values = numbers.get();
        requireCount(wire, values.size(), elements);
        // The list was read already, so its size is known to be backed by the file.
        MemorySegment data = MemorySegment.ofArray(new byte[Math.toIntExact(dtype.bytes(elements))]);
        Tensor tensor = new Tensor(dtype, List.of(elements), data);
        for (int i = 0; i < values.size(); i++) {
            long value = values.get(i);
            tensor.set(i, value);
            if (dtype != DType.UINT64
                    && tensor.longAt(i) != value
                    && Integer.toUnsignedLong((int) value) != tensor.longAt(i)) {
                throw wire.error(ErrorCode.MALFORMED, "values[" + i + "]", value + " is no " + dtype.text());
            }
        }
        return data;
    }

    private static void requireCount(Wire wire, long found, long expected) {
        if (found != expected) {
            throw wire.error(
                    ErrorCode.MALFORMED, "values", found + " bytes or elements, but type and shape take " + expected);
        }
    }
}
